package io.portproxy.admin.security;

import io.portproxy.admin.problem.ProblemWriter;
import io.portproxy.admin.problem.StrictHeaders;
import io.portproxy.manage.AccountManager;
import jakarta.servlet.DispatcherType;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.http.HttpMethod;
import org.springframework.security.authentication.AuthenticationEventPublisher;
import org.springframework.security.authentication.ProviderManager;
import org.springframework.security.authorization.AuthorizationDecision;
import org.springframework.security.config.ObjectPostProcessor;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.config.annotation.web.configurers.AuthorizeHttpRequestsConfigurer;
import org.springframework.security.config.annotation.web.configurers.HeadersConfigurer;
import org.springframework.security.core.session.SessionRegistry;
import org.springframework.security.core.session.SessionRegistryImpl;
import org.springframework.security.core.userdetails.UserDetailsService;
import org.springframework.security.crypto.factory.PasswordEncoderFactories;
import org.springframework.security.crypto.password.PasswordEncoder;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.authentication.AuthenticationFilter;
import org.springframework.security.web.authentication.www.BasicAuthenticationFilter;
import org.springframework.security.web.csrf.CsrfFilter;
import org.springframework.security.web.header.HeaderWriterFilter;
import org.springframework.security.web.header.writers.CrossOriginOpenerPolicyHeaderWriter.CrossOriginOpenerPolicy;
import org.springframework.security.web.header.writers.CrossOriginResourcePolicyHeaderWriter.CrossOriginResourcePolicy;
import org.springframework.security.web.session.HttpSessionEventPublisher;

/**
 * The access rules. Viewers may read. Operators may also close connections and disconnect remotes. Admins may do
 * everything. The health probes are open to everybody.
 */
@Configuration(proxyBeanMethods = false)
@ConditionalOnWebApplication
@Import({FormLogin.class, Logins.class, SecurityProblems.class, Sessions.class})
public class SecurityConfiguration {
    private static final Logger log = LoggerFactory.getLogger(SecurityConfiguration.class);
    private static final int PASSWORD_BYTES = 16;

    private static final String[] ACTS_OF_OPERATORS = {
        "/api/v1/connections", "/api/v1/connections/*", "/api/v1/remotes/*/tunnels"
    };

    private static final String[] PROBES = {"/actuator/health/liveness", "/actuator/health/readiness"};

    @Bean
    SecurityFilterChain adminSecurity(
            HttpSecurity http,
            AdminSettings settings,
            Optional<AccountManager> accounts,
            ProblemWriter writer,
            SecurityProblems problems,
            FormLogin login,
            Logins logins,
            AuthenticationEventPublisher events) {
        http.authorizeHttpRequests(requests -> authorize(requests, settings));
        http.httpBasic(basic -> basic.authenticationEntryPoint(problems));
        http.addFilterBefore(bearer(settings, accounts, problems, events), BasicAuthenticationFilter.class);
        login.configure(http);
        http.exceptionHandling(
                handling -> handling.authenticationEntryPoint(login).accessDeniedHandler(problems));
        http.requestCache(AbstractHttpConfigurer::disable); // the cache would create sessions
        http.headers(headers -> headers.contentSecurityPolicy(policy -> policy.policyDirectives(StrictHeaders.CONTENT))
                .referrerPolicy(policy -> policy.policy(StrictHeaders.REFERRER))
                .crossOriginOpenerPolicy(policy -> policy.policy(CrossOriginOpenerPolicy.SAME_ORIGIN))
                .crossOriginResourcePolicy(policy -> policy.policy(CrossOriginResourcePolicy.SAME_ORIGIN))
                .cacheControl(HeadersConfigurer.CacheControlConfig::disable)
                .addHeaderWriter(StaticFiles.caching())
                .withObjectPostProcessor(eager()));
        http.addFilterAfter(new AuditFilter(), HeaderWriterFilter.class);
        http.addFilterBefore(new CrossSiteFilter(writer), CsrfFilter.class);
        http.addFilterBefore(new ThrottleFilter(logins, writer), CsrfFilter.class);
        return http.build();
    }

    /** Writes headers before the answer, because the answer to a HEAD of a static page bypasses the filter's later write. */
    private static ObjectPostProcessor<HeaderWriterFilter> eager() {
        return new ObjectPostProcessor<>() {
            @Override
            public <F extends HeaderWriterFilter> F postProcess(F filter) {
                filter.setShouldWriteHeadersEagerly(true);
                return filter;
            }
        };
    }

    private static AuthenticationFilter bearer(
            AdminSettings settings,
            Optional<AccountManager> accounts,
            SecurityProblems problems,
            AuthenticationEventPublisher events) {
        BearerTokens tokens = new BearerTokens(() -> tokens(settings, accounts));
        ProviderManager manager = new ProviderManager(tokens);
        manager.setAuthenticationEventPublisher(events);
        AuthenticationFilter filter = new AuthenticationFilter(manager, tokens);
        filter.setSuccessHandler((request, response, who) -> {}); // the request continues
        filter.setFailureHandler(problems::commence);
        return filter;
    }

    private static List<AdminSettings.Token> tokens(AdminSettings settings, Optional<AccountManager> accounts) {
        Instant now = Instant.now();
        Stream<AdminSettings.Token> made = accounts.stream()
                .flatMap(there -> there.tokens().stream())
                .filter(token -> token.isValid(now))
                .map(token -> new AdminSettings.Token(token.principal(), token.sha256(), Rights.ofKept(token.role())));
        return Stream.concat(settings.tokens().stream(), made).toList();
    }

    private static void authorize(
            AuthorizeHttpRequestsConfigurer<HttpSecurity>.AuthorizationManagerRequestMatcherRegistry requests,
            AdminSettings settings) {
        // A forwarded request was already authorised under its original path.
        requests.dispatcherTypeMatchers(DispatcherType.ERROR, DispatcherType.FORWARD)
                .permitAll()
                .requestMatchers(HttpMethod.GET, PROBES)
                .permitAll()
                .requestMatchers(HttpMethod.HEAD, PROBES) // some load balancers use HEAD
                .permitAll()
                .requestMatchers(HttpMethod.GET, StaticFiles.PATTERNS)
                .permitAll()
                .requestMatchers(HttpMethod.HEAD, StaticFiles.PATTERNS)
                .permitAll()
                .requestMatchers(HttpMethod.GET, "/actuator/prometheus")
                .access((who, request) ->
                        new AuthorizationDecision(settings.openPrometheus() || Rights.VIEWER.has(who.get())))
                .requestMatchers(HttpMethod.GET, Rights.FOR_ADMINS_ALONE)
                .hasRole(Rights.ADMIN.name())
                .requestMatchers(HttpMethod.HEAD, Rights.FOR_ADMINS_ALONE)
                .hasRole(Rights.ADMIN.name())
                .requestMatchers(HttpMethod.GET, "/**")
                .hasRole(Rights.VIEWER.name())
                .requestMatchers(HttpMethod.HEAD, "/**")
                .hasRole(Rights.VIEWER.name())
                .requestMatchers(HttpMethod.OPTIONS, "/**")
                .hasRole(Rights.VIEWER.name())
                .requestMatchers(HttpMethod.DELETE, ACTS_OF_OPERATORS)
                .hasRole(Rights.OPERATOR.name())
                .anyRequest()
                .hasRole(Rights.ADMIN.name());
    }

    /** Keeps track of sessions. {@link #sessionEvents} notifies it when one ends. */
    @Bean
    SessionRegistry adminSessions() {
        return new SessionRegistryImpl();
    }

    @Bean
    HttpSessionEventPublisher sessionEvents() {
        return new HttpSessionEventPublisher();
    }

    @Bean
    PasswordEncoder passwordEncoder() {
        return new RememberingPasswordEncoder(PasswordEncoderFactories.createDelegatingPasswordEncoder());
    }

    @Bean
    UserDetailsService adminUsers(AdminSettings settings, Optional<AccountManager> accounts) {
        boolean nobody = settings.users().isEmpty()
                && settings.tokens().isEmpty()
                && !accounts.map(AccountManager::hasAdmin).orElse(false);
        return new AdminUsers(nobody ? List.of(generated()) : settings.users(), accounts);
    }

    /** Generates a password, as Spring Boot does. It is only in the log, not stored. */
    private static AdminSettings.User generated() {
        byte[] bytes = new byte[PASSWORD_BYTES];
        new SecureRandom().nextBytes(bytes);
        String password = HexFormat.of().formatHex(bytes);
        log.info(
                "no users are configured (portproxy.admin.users): until the next start, log in as admin with password {}",
                password);
        return new AdminSettings.User("admin", "{noop}" + password, Rights.ADMIN);
    }
}
