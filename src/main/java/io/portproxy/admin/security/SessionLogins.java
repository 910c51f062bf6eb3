package io.portproxy.admin.security;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.springframework.security.core.context.DeferredSecurityContext;
import org.springframework.security.core.context.SecurityContext;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.web.context.DelegatingSecurityContextRepository;
import org.springframework.security.web.context.HttpRequestResponseHolder;
import org.springframework.security.web.context.HttpSessionSecurityContextRepository;
import org.springframework.security.web.context.RequestAttributeSecurityContextRepository;
import org.springframework.security.web.context.SecurityContextRepository;

/** Finds the user of a session, for requests with its {@link LoginSecret}. A request with only the cookie has no user. */
final class SessionLogins implements SecurityContextRepository {
    private final HttpSessionSecurityContextRepository sessions = new HttpSessionSecurityContextRepository();

    private SessionLogins() {}

    /** Returns this repository, combined with one that keeps the user of a request when the request is forwarded. */
    static SecurityContextRepository create() {
        return new DelegatingSecurityContextRepository(
                new RequestAttributeSecurityContextRepository(), new SessionLogins());
    }

    @Override
    public DeferredSecurityContext loadDeferredContext(HttpServletRequest request) {
        return LoginSecret.isShownBy(request) ? sessions.loadDeferredContext(request) : new Nobody();
    }

    @Override
    @Deprecated
    @SuppressWarnings("InlineMeSuggester") // the API is deprecated by Spring Security, and still has to be implemented
    public SecurityContext loadContext(HttpRequestResponseHolder holder) {
        return loadDeferredContext(holder.getRequest()).get();
    }

    @Override
    public void saveContext(SecurityContext context, HttpServletRequest request, HttpServletResponse response) {
        sessions.saveContext(context, request, response);
    }

    @Override
    public boolean containsContext(HttpServletRequest request) {
        return LoginSecret.isShownBy(request) && sessions.containsContext(request);
    }

    private static final class Nobody implements DeferredSecurityContext {
        private final SecurityContext empty = SecurityContextHolder.createEmptyContext();

        @Override
        public SecurityContext get() {
            return empty;
        }

        @Override
        public boolean isGenerated() {
            return true;
        }
    }
}
