package io.portproxy.admin;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.lang.reflect.Parameter;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.springframework.core.MethodParameter;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.HandlerInterceptor;

/** Refuses parameters that do not exist: a filter with a misspelt name would close what was not meant. */
final class KnownParameters implements HandlerInterceptor {
    @Override
    public boolean preHandle(HttpServletRequest request, HttpServletResponse response, Object handler) {
        if (handler instanceof HandlerMethod method) {
            Set<String> known = Arrays.stream(method.getMethodParameters())
                    .filter(parameter -> parameter.hasParameterAnnotation(RequestParam.class))
                    .map(MethodParameter::getParameter)
                    .map(Parameter::getName)
                    .collect(Collectors.toCollection(TreeSet::new));
            request.getParameterMap().forEach((name, values) -> {
                if (!known.contains(name)) {
                    throw new BadParameterException(
                            name,
                            known.isEmpty()
                                    ? "this takes no parameters"
                                    : "there is no such parameter; those that exist are " + String.join(", ", known));
                } else if (values.length > 1) {
                    throw new BadParameterException(name, "write it once");
                }
            });
        }
        return true;
    }
}
