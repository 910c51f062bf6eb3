package io.portproxy.admin.api;

import io.portproxy.admin.problem.BadParameterException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.lang.reflect.Parameter;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.springframework.core.MethodParameter;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.HandlerInterceptor;

/** Refuses unknown parameters. If a filter with a misspelt name were ignored, a request could close more than intended. */
public final class KnownParameters implements HandlerInterceptor {
    @Override
    public boolean preHandle(HttpServletRequest request, HttpServletResponse response, Object handler) {
        if (handler instanceof HandlerMethod method) {
            Map<String, Parameter> known = Arrays.stream(method.getMethodParameters())
                    .filter(parameter -> parameter.hasParameterAnnotation(RequestParam.class))
                    .map(MethodParameter::getParameter)
                    .collect(Collectors.toMap(
                            KnownParameters::name, parameter -> parameter, (one, other) -> one, TreeMap::new));
            request.getParameterMap().forEach((name, values) -> {
                Parameter parameter = known.get(name);
                if (parameter == null) {
                    throw new BadParameterException(
                            name,
                            known.isEmpty()
                                    ? "this takes no parameters"
                                    : "there is no such parameter; those that exist are "
                                            + String.join(", ", known.keySet()));
                } else if (values.length > 1 && !parameter.getType().isArray()) {
                    throw new BadParameterException(name, "write it once");
                } else if (parameter.getType() == boolean.class && values[0].isBlank()) {
                    throw new BadParameterException(
                            name, "write true or false"); // Spring would take it for the default
                }
            });
        }
        return true;
    }

    private static String name(Parameter parameter) {
        RequestParam annotation = parameter.getAnnotation(RequestParam.class);
        return annotation == null || annotation.name().isEmpty() ? parameter.getName() : annotation.name();
    }
}
