package io.portproxy.admin.security;

import io.portproxy.admin.problem.ProblemWriter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.http.HttpStatus;
import org.springframework.security.access.AccessDeniedException;
import org.springframework.security.authentication.BadCredentialsException;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.web.AuthenticationEntryPoint;
import org.springframework.security.web.access.AccessDeniedHandler;
import org.springframework.security.web.firewall.RequestRejectedException;
import org.springframework.security.web.firewall.RequestRejectedHandler;
import org.springframework.stereotype.Component;

/** Answers requests that Spring Security refuses. */
@Component
@ConditionalOnWebApplication
class SecurityProblems implements AuthenticationEntryPoint, AccessDeniedHandler, RequestRejectedHandler {
    /** The error of RFC 6750, section 3.1. A request without a token gets none (section 3). */
    private static final String INVALID = ", error=\"invalid_token\", error_description=\"no such token\"";

    private final ProblemWriter problems;

    SecurityProblems(ProblemWriter problems) {
        this.problems = problems;
    }

    @Override
    public void commence(HttpServletRequest request, HttpServletResponse response, AuthenticationException e)
            throws IOException {
        unauthorized(
                request,
                response,
                e instanceof BadCredentialsException
                        ? "there is no user with this name and password, and no such token"
                        : "give the name and password of a user (HTTP Basic), a bearer token, or log in at /login");
    }

    /** Answers with 401. A browser gets no challenge of HTTP Basic, or it would ask for a password over the page with the login form. */
    void unauthorized(HttpServletRequest request, HttpServletResponse response, String detail) throws IOException {
        if (!Browser.isFrom(request)) {
            response.addHeader("WWW-Authenticate", "Basic realm=\"PortProxy\", charset=\"UTF-8\"");
        }
        response.addHeader(
                "WWW-Authenticate", "Bearer realm=\"PortProxy\"" + (BearerTokens.isShownBy(request) ? INVALID : ""));
        problems.write(request, response, HttpStatus.UNAUTHORIZED, detail);
    }

    @Override
    public void handle(HttpServletRequest request, HttpServletResponse response, AccessDeniedException e)
            throws IOException {
        Authentication user = SecurityContextHolder.getContext().getAuthentication();
        Rights rights = user == null ? Rights.VIEWER : Rights.of(user);
        problems.write(
                request,
                response,
                HttpStatus.FORBIDDEN,
                "this user has the role " + rights.key() + ", which does not allow this request");
    }

    @Override
    public void handle(HttpServletRequest request, HttpServletResponse response, RequestRejectedException e)
            throws IOException {
        problems.write(request, response, HttpStatus.BAD_REQUEST, "this path, or this method, is not allowed");
    }
}
