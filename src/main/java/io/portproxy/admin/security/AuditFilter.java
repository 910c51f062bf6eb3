package io.portproxy.admin.security;

import io.portproxy.net.LogLimit;
import io.portproxy.protocol.Printable;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.web.filter.OncePerRequestFilter;
import org.springframework.web.util.UriComponentsBuilder;

/**
 * Logs who has changed something or tried to: one line for each request that does not only read. A dry run counts as
 * reading, because the dashboard's forms send one while the user types.
 */
final class AuditFilter extends OncePerRequestFilter {
    private static final Logger log = LoggerFactory.getLogger(AuditLog.LOGGER);
    private static final int LINES_OF_NOBODY = 20;
    private static final int MAX_CHARACTERS = 200;
    private static final Set<String> LOOKING = Set.of("GET", "HEAD", "OPTIONS");

    private static final String DRY_RUN = "dry-run";
    private static final Set<Integer> FORBIDDEN =
            Set.of(HttpServletResponse.SC_UNAUTHORIZED, HttpServletResponse.SC_FORBIDDEN);

    private final LogLimit ofNobody = new LogLimit(System::nanoTime, LINES_OF_NOBODY);

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
            if (wasOnlyTried(request, response)) {
                log.debug("from {}: {}", request.getRemoteAddr(), act(request, response));
            } else if (who != null) {
                log.info("{} from {}: {}", printable(who.getName()), request.getRemoteAddr(), act(request, response));
            } else if (!Logins.isTriedBy(request)) { // a failed login has its own line
                synchronized (ofNobody) {
                    ofNobody.log(
                            log, Level.INFO, "nobody from {}: {}", request.getRemoteAddr(), act(request, response));
                }
            }
        }
    }

    /**
     * Returns whether this is a dry run by an authorised user. The API refuses unknown parameters, so it honours this
     * one on each request.
     */
    private static boolean wasOnlyTried(HttpServletRequest request, HttpServletResponse response) {
        return request.getServletPath().startsWith("/api/v1/")
                && isDryRun(request)
                && !FORBIDDEN.contains(response.getStatus());
    }

    /** Returns whether the query, and not a form, says so at each occurrence of the parameter. Any other value may mean a real change. */
    private static boolean isDryRun(HttpServletRequest request) {
        List<String> values = UriComponentsBuilder.newInstance()
                .query(request.getQueryString())
                .build()
                .getQueryParams()
                .get(DRY_RUN);
        return values != null && values.stream().allMatch("true"::equals);
    }

    private static String act(HttpServletRequest request, HttpServletResponse response) {
        String query = request.getQueryString();
        return printable(request.getMethod()) + " " + printable(request.getRequestURI())
                + (query == null ? "" : "?" + printable(query)) + ": " + response.getStatus();
    }

    /** Cleans and shortens text from a client, so that it cannot start a new line or fill the log. */
    static String printable(String text) {
        return Printable.of(text, MAX_CHARACTERS);
    }
}
