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

/** Who has logged in: the user of a session, for requests that show its {@link LoginSecret}. With the cookie alone it is nobody. */
final class SessionLogins implements SecurityContextRepository {
    private final HttpSessionSecurityContextRepository sessions = new HttpSessionSecurityContextRepository();

    private SessionLogins() {}

    /** These, and who a request has turned out to be before it was forwarded. */
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
    @SuppressWarnings("InlineMeSuggester") // Spring Security's, not ours to move away from
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
