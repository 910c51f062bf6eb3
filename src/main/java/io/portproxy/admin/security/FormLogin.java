package io.portproxy.admin.security;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.core.session.SessionRegistry;
import org.springframework.security.web.AuthenticationEntryPoint;
import org.springframework.security.web.authentication.AuthenticationFailureHandler;
import org.springframework.security.web.authentication.AuthenticationSuccessHandler;
import org.springframework.security.web.authentication.logout.HttpStatusReturningLogoutSuccessHandler;
import org.springframework.security.web.session.SessionInformationExpiredEvent;
import org.springframework.security.web.session.SessionInformationExpiredStrategy;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/**
 * The login of people, with a form and a session. Nothing else creates sessions, so there is one for each browser of a
 * user, up to a limit.
 *
 * <p>The form's script sends the form and gets the session's {@link LoginSecret} in the answer. Each later request of a
 * page includes the secret, so no CSRF token is needed. The form itself has no secret: without a session there is
 * nothing to abuse, and {@link CrossSiteFilter} stops other sites from logging a browser in.
 */
@Component
@ConditionalOnWebApplication
final class FormLogin
        implements AuthenticationEntryPoint,
                AuthenticationSuccessHandler,
                AuthenticationFailureHandler,
                SessionInformationExpiredStrategy {
    private static final int SESSIONS_OF_A_USER = 10;
    private static final String LOGOUT = "/logout";

    private final SecurityProblems problems;
    private final SessionRegistry sessions;
    private final JsonMapper json;

    FormLogin(SecurityProblems problems, SessionRegistry sessions, JsonMapper json) {
        this.problems = problems;
        this.sessions = sessions;
        this.json = json;
    }

    void configure(HttpSecurity http) {
        http.formLogin(
                form -> form.loginPage(Browser.LOGIN).successHandler(this).failureHandler(this));
        http.securityContext(context -> context.securityContextRepository(SessionLogins.create()));
        http.logout(logout -> logout.logoutRequestMatcher(FormLogin::isLogout)
                .logoutSuccessHandler(new HttpStatusReturningLogoutSuccessHandler(HttpStatus.NO_CONTENT)));
        http.sessionManagement(
                management -> management.sessionConcurrency(limit -> limit.maximumSessions(SESSIONS_OF_A_USER)
                        .sessionRegistry(sessions)
                        .expiredSessionStrategy(this)));
        http.csrf(AbstractHttpConfigurer::disable); // each request needs the secret, also those that only read
    }

    /** Returns whether this is a logout with the secret. The cookie alone is not enough, or a thief of it could log its user out. */
    private static boolean isLogout(HttpServletRequest request) {
        return request.getMethod().equals("POST")
                && request.getRequestURI().equals(request.getContextPath() + LOGOUT)
                && LoginSecret.isShownBy(request);
    }

    /** Answers a request without a login: redirects a person to the form, and sends a program a problem document. */
    @Override
    public void commence(HttpServletRequest request, HttpServletResponse response, AuthenticationException e)
            throws IOException {
        if (request.getMethod().equals("GET") && Browser.wantsPage(request)) {
            Browser.redirect(request, response, Browser.LOGIN);
        } else {
            problems.commence(request, response, e);
        }
    }

    /** Sends the secret. The session already has its identity, and the limit of sessions has been applied. */
    @Override
    public void onAuthenticationSuccess(HttpServletRequest request, HttpServletResponse response, Authentication who)
            throws IOException {
        response.setContentType(MediaType.APPLICATION_JSON_VALUE);
        json.writeValue(response.getOutputStream(), new Secret(LoginSecret.issue(request.getSession())));
    }

    @Override
    public void onAuthenticationFailure(
            HttpServletRequest request, HttpServletResponse response, AuthenticationException e) throws IOException {
        problems.unauthorized(request, response, "the name or the password is wrong");
    }

    /** The answer that the form's script gets. */
    record Secret(String secret) {}

    /** Answers in a session that ended because its user has logged in too often since. */
    @Override
    public void onExpiredSessionDetected(SessionInformationExpiredEvent event) throws IOException {
        if (Browser.wantsPage(event.getRequest())) {
            Browser.redirect(event.getRequest(), event.getResponse(), Browser.LOGIN);
        } else {
            problems.unauthorized(event.getRequest(), event.getResponse(), "this session has ended; log in again");
        }
    }
}
