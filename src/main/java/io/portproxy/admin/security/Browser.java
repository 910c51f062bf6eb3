package io.portproxy.admin.security;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Arrays;
import java.util.Collections;
import java.util.Locale;

/** Distinguishes the requests of browsers from those of programs. */
public final class Browser {
    /** The path of the login page. */
    public static final String LOGIN = "/login";

    private Browser() {}

    /** Returns whether a person sees the answer. Only browsers that open a page or send a form ask for HTML by name. */
    static boolean wantsPage(HttpServletRequest request) {
        return Collections.list(request.getHeaders("Accept")).stream()
                .flatMap(line -> Arrays.stream(line.split(",", -1)))
                .map(type -> type.replaceFirst(";.*", "").strip().toLowerCase(Locale.ROOT))
                .anyMatch("text/html"::equals);
    }

    /**
     * Returns whether a page in a browser makes the request. Only browsers send {@code Sec-Fetch-Mode}, and only if the
     * connection is HTTPS or loopback. Otherwise they send PortProxy's cookie, or the page sends
     * {@code X-Requested-With}.
     */
    static boolean isFrom(HttpServletRequest request) {
        return request.getHeader("Sec-Fetch-Mode") != null
                || request.getHeader("X-Requested-With") != null
                || request.getHeader("Cookie") != null;
    }

    /** Redirects the browser to another page of this server, by GET. Names no host, because a proxy may use another name. */
    static void redirect(HttpServletRequest request, HttpServletResponse response, String path) {
        response.setStatus(HttpServletResponse.SC_SEE_OTHER);
        response.setHeader("Location", request.getContextPath() + path);
    }
}
