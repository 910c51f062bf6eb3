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
 * How people log in, with a form and a session. Nothing else makes a session, so there are as many as users have browsers,
 * up to a limit.
 *
 * <p>The form's script sends it and gets the session's {@link LoginSecret} in the answer, which each request of a page shows
 * from then on. So no further token against the acts of other sites' pages is needed. The form itself has none: where there is
 * no session there is nothing to be abused, and {@link CrossSiteFilter} keeps other sites from logging a browser in.
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
        http.csrf(AbstractHttpConfigurer::disable); // each request shows the secret, not acts alone
    }

    /** Not with the cookie alone, or whoever has got that could log its user out. */
    private static boolean isLogout(HttpServletRequest request) {
        return request.getMethod().equals("POST")
                && request.getRequestURI().equals(request.getContextPath() + LOGOUT)
                && LoginSecret.isShownBy(request);
    }

    /** Who is nobody yet: a person is shown the form, a program is told. */
    @Override
    public void commence(HttpServletRequest request, HttpServletResponse response, AuthenticationException e)
            throws IOException {
        if (request.getMethod().equals("GET") && Browser.wantsPage(request)) {
            Browser.redirect(request, response, Browser.LOGIN);
        } else {
            problems.commence(request, response, e);
        }
    }

    /** The session has got its identity by now, and its registry's limit has been held. */
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

    /** What the form's script gets. */
    record Secret(String secret) {}

    /** The user has logged in so often since that this session gave way. */
    @Override
    public void onExpiredSessionDetected(SessionInformationExpiredEvent event) throws IOException {
        if (Browser.wantsPage(event.getRequest())) {
            Browser.redirect(event.getRequest(), event.getResponse(), Browser.LOGIN);
        } else {
            problems.unauthorized(event.getRequest(), event.getResponse(), "this session has ended; log in again");
        }
    }
}
