package io.portproxy.admin.problem;

import java.util.Map;
import org.springframework.security.web.header.writers.ReferrerPolicyHeaderWriter.ReferrerPolicy;

/** The security headers of every answer, including those that Spring Security never sees. */
public final class StrictHeaders {
    /** Allows only scripts, styles and pictures of this server, and pictures inside its stylesheets. No site may frame a page. */
    public static final String CONTENT =
            "default-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'self'; frame-ancestors 'none';"
                    + " object-src 'none'";

    /** Not "no-referrer": with that, browsers send "Origin: null" with forms of the dashboard. */
    public static final ReferrerPolicy REFERRER = ReferrerPolicy.SAME_ORIGIN;

    private static final Map<String, String> ALL = Map.of(
            "Content-Security-Policy", CONTENT,
            "Referrer-Policy", REFERRER.getPolicy(),
            "X-Content-Type-Options", "nosniff",
            "X-Frame-Options", "DENY",
            "Cross-Origin-Opener-Policy", "same-origin",
            "Cross-Origin-Resource-Policy", "same-origin",
            "Cache-Control", "no-store");

    private StrictHeaders() {}

    /** Receives a header. */
    interface Setter {
        void set(String name, String value);
    }

    static void on(Setter headers) {
        ALL.forEach(headers::set);
    }
}
