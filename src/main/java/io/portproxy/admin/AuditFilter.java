package io.portproxy.admin;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.web.filter.OncePerRequestFilter;

/** Logs who has acted, or tried to: one line for each request that is not for looking. */
final class AuditFilter extends OncePerRequestFilter {
    /** What the lines can be found by, and sent elsewhere. */
    static final String LOGGER = "io.portproxy.audit";

    private static final Logger log = LoggerFactory.getLogger(LOGGER);
    private static final Set<String> LOOKING = Set.of("GET", "HEAD", "OPTIONS");

    @Override
    protected boolean shouldNotFilter(HttpServletRequest request) {
        return LOOKING.contains(request.getMethod());
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        Authentication before = SecurityContextHolder.getContext().getAuthentication();
        try {
            chain.doFilter(request, response);
        } finally {
            Authentication after = SecurityContextHolder.getContext().getAuthentication();
            Authentication who = after == null ? before : after; // none after a logout
            String query = request.getQueryString();
            log.info(
                    "{} from {}: {} {}{}: {}",
                    who == null ? "anonymous" : printable(who.getName()),
                    request.getRemoteAddr(),
                    printable(request.getMethod()),
                    printable(request.getRequestURI()),
                    query == null ? "" : "?" + printable(query),
                    response.getStatus());
        }
    }

    private static String printable(String text) {
        return text.replaceAll("[\\p{C}\\p{Zl}\\p{Zp}]", "?");
    }
}
