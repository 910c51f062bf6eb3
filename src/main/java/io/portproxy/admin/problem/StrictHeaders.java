package io.portproxy.admin.problem;

import java.util.Map;
import org.springframework.security.web.header.writers.ReferrerPolicyHeaderWriter.ReferrerPolicy;

/** What browsers are told of every answer, those too that Spring Security never sees. */
public final class StrictHeaders {
    /** No script, style or picture but this server's own, or a picture that is part of a stylesheet of it; and nobody's frame. */
    public static final String CONTENT =
            "default-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'self'; frame-ancestors 'none';"
                    + " object-src 'none'";

    /** Not "no-referrer": with that, browsers say "Origin: null" when a form of our own is sent. */
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

    /** Where a header is put. */
    interface Setter {
        void set(String name, String value);
    }

    static void on(Setter headers) {
        ALL.forEach(headers::set);
    }
}
