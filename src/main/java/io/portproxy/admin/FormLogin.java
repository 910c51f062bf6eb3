package io.portproxy.admin;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Set;
import java.util.function.Supplier;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.core.session.SessionRegistry;
import org.springframework.security.web.AuthenticationEntryPoint;
import org.springframework.security.web.authentication.AuthenticationFailureHandler;
import org.springframework.security.web.authentication.AuthenticationSuccessHandler;
import org.springframework.security.web.authentication.logout.HttpStatusReturningLogoutSuccessHandler;
import org.springframework.security.web.csrf.CookieCsrfTokenRepository;
import org.springframework.security.web.csrf.CsrfToken;
import org.springframework.security.web.csrf.CsrfTokenRequestAttributeHandler;
import org.springframework.security.web.session.SessionInformationExpiredEvent;
import org.springframework.security.web.session.SessionInformationExpiredStrategy;
import org.springframework.stereotype.Component;

/**
 * How people log in, with a form and a session. Nothing else makes a session, so there are as many as users have browsers,
 * up to a limit.
 *
 * <p>The page shows the token of the cookie {@code XSRF-TOKEN} in the header {@code X-XSRF-TOKEN} when it acts. The form
 * itself needs none: where there is no session there is nothing to be abused, and {@link CrossSiteFilter} keeps other
 * sites from logging a browser in.
 */
@Component
@ConditionalOnWebApplication
final class FormLogin
        implements AuthenticationEntryPoint,
                AuthenticationSuccessHandler,
                AuthenticationFailureHandler,
                SessionInformationExpiredStrategy {
    private static final int SESSIONS_OF_A_USER = 10;
    private static final Set<String> SAFE = Set.of("GET", "HEAD", "OPTIONS", "TRACE");

    private final ProblemWriter problems;
    private final SessionRegistry sessions;

    FormLogin(ProblemWriter problems, SessionRegistry sessions) {
        this.problems = problems;
        this.sessions = sessions;
    }

    void configure(HttpSecurity http) {
        http.formLogin(
                form -> form.loginPage(Browser.LOGIN).successHandler(this).failureHandler(this));
        http.logout(logout -> logout.logoutUrl("/logout")
                .logoutSuccessHandler(new HttpStatusReturningLogoutSuccessHandler(HttpStatus.NO_CONTENT)));
        http.sessionManagement(
                management -> management.sessionConcurrency(limit -> limit.maximumSessions(SESSIONS_OF_A_USER)
                        .sessionRegistry(sessions)
                        .expiredSessionStrategy(this)));
        CookieCsrfTokenRepository tokens = CookieCsrfTokenRepository.withHttpOnlyFalse();
        tokens.setCookieCustomizer(cookie -> cookie.sameSite("Strict"));
        http.csrf(csrf -> csrf.csrfTokenRepository(tokens)
                .csrfTokenRequestHandler(new TokenOfSessions())
                .requireCsrfProtectionMatcher(FormLogin::actsBySession));
    }

    /** Whoever gives a password or a token of its own with each request is not acted for by a browser's cookie. */
    private static boolean actsBySession(HttpServletRequest request) {
        return !SAFE.contains(request.getMethod())
                && request.getSession(false) != null
                && request.getHeader(HttpHeaders.AUTHORIZATION) == null
                && !request.getRequestURI().equals(request.getContextPath() + Browser.LOGIN);
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

    @Override
    public void onAuthenticationSuccess(HttpServletRequest request, HttpServletResponse response, Authentication who) {
        Browser.redirect(request, response, "/");
    }

    @Override
    public void onAuthenticationFailure(
            HttpServletRequest request, HttpServletResponse response, AuthenticationException e) throws IOException {
        if (Browser.wantsPage(request)) {
            Browser.redirect(request, response, Browser.LOGIN + "?wrong");
        } else {
            problems.commence(request, response, e);
        }
    }

    /** The user has logged in so often since that this session gave way. */
    @Override
    public void onExpiredSessionDetected(SessionInformationExpiredEvent event) throws IOException {
        if (Browser.wantsPage(event.getRequest())) {
            Browser.redirect(event.getRequest(), event.getResponse(), Browser.LOGIN);
        } else {
            problems.unauthorized(event.getRequest(), event.getResponse(), "this session has ended; log in again");
        }
    }

    /** Gives a browser its token as soon as it has a session, and nobody else one. */
    private static final class TokenOfSessions extends CsrfTokenRequestAttributeHandler {
        @Override
        public void handle(
                HttpServletRequest request, HttpServletResponse response, Supplier<CsrfToken> deferredCsrfToken) {
            super.handle(request, response, deferredCsrfToken);
            if (request.getSession(false) != null) {
                deferredCsrfToken.get().getToken();
            }
        }
    }
}
