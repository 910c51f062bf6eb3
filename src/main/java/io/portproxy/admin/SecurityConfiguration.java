package io.portproxy.admin;

import jakarta.servlet.DispatcherType;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.HttpMethod;
import org.springframework.security.authorization.AuthorizationDecision;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.userdetails.User;
import org.springframework.security.core.userdetails.UserDetails;
import org.springframework.security.core.userdetails.UserDetailsService;
import org.springframework.security.crypto.factory.PasswordEncoderFactories;
import org.springframework.security.crypto.password.PasswordEncoder;
import org.springframework.security.provisioning.InMemoryUserDetailsManager;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.access.ExceptionTranslationFilter;
import org.springframework.security.web.context.SecurityContextHolderFilter;
import org.springframework.security.web.header.writers.ReferrerPolicyHeaderWriter.ReferrerPolicy;

/** Who may do what: viewers look, administrators also act, and the health probes are for everybody. */
@Configuration(proxyBeanMethods = false)
@ConditionalOnWebApplication
class SecurityConfiguration {
    private static final Logger log = LoggerFactory.getLogger(SecurityConfiguration.class);
    private static final String VIEWER = "VIEWER";
    private static final String ADMIN = "ADMIN";
    private static final int PASSWORD_BYTES = 16;

    /** No script, style or picture but this server's own, and nobody's frame. */
    private static final String CONTENT =
            "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'";

    @Bean
    SecurityFilterChain adminSecurity(HttpSecurity http, AdminSettings settings, ProblemWriter problems) {
        AuthorizationDecision openPrometheus = new AuthorizationDecision(settings.openPrometheus());
        http.authorizeHttpRequests(requests -> requests.dispatcherTypeMatchers(DispatcherType.ERROR)
                .permitAll()
                .requestMatchers(HttpMethod.GET, "/actuator/health/liveness", "/actuator/health/readiness")
                .permitAll()
                .requestMatchers(HttpMethod.GET, "/actuator/prometheus")
                .access((who, request) ->
                        openPrometheus.isGranted() ? openPrometheus : new AuthorizationDecision(isViewer(who.get())))
                .requestMatchers(HttpMethod.GET, "/**")
                .hasRole(VIEWER)
                .requestMatchers(HttpMethod.HEAD, "/**")
                .hasRole(VIEWER)
                .anyRequest()
                .hasRole(ADMIN));
        http.httpBasic(basic -> basic.authenticationEntryPoint(problems));
        http.exceptionHandling(
                handling -> handling.authenticationEntryPoint(problems).accessDeniedHandler(problems));
        http.sessionManagement(sessions -> sessions.sessionCreationPolicy(SessionCreationPolicy.STATELESS));
        http.csrf(AbstractHttpConfigurer::disable); // there is no session; CrossSiteFilter guards Basic's passwords
        http.logout(AbstractHttpConfigurer::disable);
        http.requestCache(AbstractHttpConfigurer::disable);
        // Not "no-referrer": with that, browsers say "Origin: null" when a form of our own is sent.
        http.headers(headers -> headers.contentSecurityPolicy(policy -> policy.policyDirectives(CONTENT))
                .referrerPolicy(policy -> policy.policy(ReferrerPolicy.SAME_ORIGIN)));
        http.addFilterAfter(new CrossSiteFilter(problems), SecurityContextHolderFilter.class);
        http.addFilterBefore(new AuditFilter(), ExceptionTranslationFilter.class);
        return http.build();
    }

    private static boolean isViewer(@Nullable Authentication who) {
        return who != null
                && who.getAuthorities().stream()
                        .anyMatch(authority -> ("ROLE_" + VIEWER).equals(authority.getAuthority()));
    }

    @Bean
    PasswordEncoder passwordEncoder() {
        return new RememberingPasswordEncoder(PasswordEncoderFactories.createDelegatingPasswordEncoder());
    }

    @Bean
    UserDetailsService adminUsers(AdminSettings settings) {
        List<AdminSettings.User> users = settings.users().isEmpty() ? List.of(generated()) : settings.users();
        return new InMemoryUserDetailsManager(
                users.stream().map(SecurityConfiguration::details).toList());
    }

    /** As Spring Boot does. It is not stored, so it cannot be known otherwise. */
    private static AdminSettings.User generated() {
        byte[] bytes = new byte[PASSWORD_BYTES];
        new SecureRandom().nextBytes(bytes);
        String password = HexFormat.of().formatHex(bytes);
        log.info(
                "no users are configured (portproxy.admin.users), so until the next start there is one: admin, password {}",
                password);
        return new AdminSettings.User("admin", "{noop}" + password, true);
    }

    private static UserDetails details(AdminSettings.User user) {
        return User.withUsername(user.name())
                .password(user.password())
                .roles(user.admin() ? new String[] {VIEWER, ADMIN} : new String[] {VIEWER})
                .build();
    }
}
