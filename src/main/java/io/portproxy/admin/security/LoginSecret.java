package io.portproxy.admin.security;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpSession;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;

/**
 * The second half of a login, besides the session's cookie. Browsers send a cookie to every port of its host (RFC 6265,
 * section 8.5), and so also to ports that are exposed there. Only the page gets the secret, in the answer to its login.
 * The page keeps it where only pages of the same origin, port included, can read it, and sends it in a header with each
 * request. Pages of other origins cannot do that. So the secret also prevents cross-site requests, as a CSRF token
 * does.
 */
public final class LoginSecret {
    /** The header in which a request sends the secret. */
    public static final String HEADER = "X-PortProxy-Login";

    private static final String ATTRIBUTE = LoginSecret.class.getName();
    private static final int BYTES = 32;
    private static final SecureRandom random = new SecureRandom();

    private LoginSecret() {}

    /** Makes a secret for a new session and stores it there. */
    static String issue(HttpSession session) {
        byte[] bytes = new byte[BYTES];
        random.nextBytes(bytes);
        String secret = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
        session.setAttribute(ATTRIBUTE, secret);
        return secret;
    }

    /** Returns whether a request has a session and its secret. The check takes equally long for every wrong secret. */
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
