package io.portproxy.admin.problem;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.apache.tomcat.util.http.InvalidParameterException;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpStatusCode;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Refuses a query or a form that cannot be parsed. Otherwise the first code that reads a parameter would fail with an
 * exception that looks like a bug, and anybody can send such a request. Runs after the filter that sets the character
 * encoding of forms, and before all others.
 */
@Component
@ConditionalOnWebApplication
@Order(Ordered.HIGHEST_PRECEDENCE + 1)
final class UnreadableParameters extends OncePerRequestFilter {
    private final ProblemWriter problems;

    UnreadableParameters(ProblemWriter problems) {
        this.problems = problems;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        try {
            request.getParameterMap();
        } catch (InvalidParameterException e) {
            logger.debug("parameters that cannot be read", e);
            HttpStatusCode status = HttpStatusCode.valueOf(e.getErrorCode());
            boolean known = status.is4xxClientError();
            problems.write(
                    request,
                    response,
                    known ? status : HttpStatusCode.valueOf(HttpServletResponse.SC_BAD_REQUEST),
                    status.value() == HttpServletResponse.SC_REQUEST_ENTITY_TOO_LARGE
                            ? "the form is too large, or has too many parameters"
                            : "a parameter cannot be read; write names and values percent-encoded, in UTF-8");
            return;
        }
        chain.doFilter(request, response);
    }
}
