package io.portproxy.admin.security;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Arrays;
import java.util.Collections;
import java.util.Locale;

/** What tells a browser's requests from a program's. */
public final class Browser {
    /** Where a person logs in. */
    public static final String LOGIN = "/login";

    private Browser() {}

    /** Whether the answer is shown to a person: only browsers that open a page, or send a form, ask for HTML by name. */
    static boolean wantsPage(HttpServletRequest request) {
        return Collections.list(request.getHeaders("Accept")).stream()
                .flatMap(line -> Arrays.stream(line.split(",", -1)))
                .map(type -> type.replaceFirst(";.*", "").strip().toLowerCase(Locale.ROOT))
                .anyMatch("text/html"::equals);
    }

    /**
     * Whether a page of ours asks, or another one in a browser. Only browsers send {@code Sec-Fetch-Mode}, but not where the
     * connection is neither HTTPS nor loopback; there they have a cookie of ours, or the page says {@code X-Requested-With}.
     */
    static boolean isFrom(HttpServletRequest request) {
        return request.getHeader("Sec-Fetch-Mode") != null
                || request.getHeader("X-Requested-With") != null
                || request.getHeader("Cookie") != null;
    }

    /** Has a browser open another page of ours, by GET. Without a host, which a proxy may know by another name. */
    static void redirect(HttpServletRequest request, HttpServletResponse response, String path) {
        response.setStatus(HttpServletResponse.SC_SEE_OTHER);
        response.setHeader("Location", request.getContextPath() + path);
    }
}
