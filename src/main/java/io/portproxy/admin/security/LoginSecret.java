package io.portproxy.admin.security;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpSession;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;

/**
 * The second half of a login, beside the session's cookie. Browsers send a cookie to every port of its host (RFC 6265, section
 * 8.5), so also to whatever is exposed there. The secret goes to the page alone, in the answer to its login. The page keeps it
 * where only pages of its own origin can read it, port included, and shows it in a header with each request, which no page of
 * another origin can do. So it also keeps other pages from acting, as a CSRF token does.
 */
public final class LoginSecret {
    /** Where a request shows it. */
    public static final String HEADER = "X-PortProxy-Login";

    private static final String ATTRIBUTE = LoginSecret.class.getName();
    private static final int BYTES = 32;
    private static final SecureRandom random = new SecureRandom();

    private LoginSecret() {}

    /** Makes one for a session that begins, and binds it to that. */
    static String issue(HttpSession session) {
        byte[] bytes = new byte[BYTES];
        random.nextBytes(bytes);
        String secret = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
        session.setAttribute(ATTRIBUTE, secret);
        return secret;
    }

    /** Whether a request has a session and shows its secret. Takes equally long for every wrong one. */
    static boolean isShownBy(HttpServletRequest request) {
        String shown = request.getHeader(HEADER);
        HttpSession session = shown == null ? null : request.getSession(false);
        return shown != null
                && session != null
                && session.getAttribute(ATTRIBUTE) instanceof String secret
                && MessageDigest.isEqual(
                        secret.getBytes(StandardCharsets.UTF_8), shown.getBytes(StandardCharsets.UTF_8));
    }
}
