package io.portproxy.config.check;

import io.portproxy.config.problem.Place;
import io.portproxy.config.problem.Problems;
import io.portproxy.config.properties.Secret;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The rules for the admin API's bearer tokens. No message contains a part of a token. */
final class AdminTokens {
    private static final int MIN_LENGTH = 32;
    private static final String NOOP = "{noop}";
    private static final String SHA256 = "{sha256}";
    private static final String FIX =
            "write {sha256} and what printf %s TOKEN | sha256sum prints, or {noop} and the token"
                    + " itself; java -jar portproxy.jar token (or portproxy token) makes a good one";

    private AdminTokens() {}

    /** Returns the token's SHA-256 in lower case. Adds a problem and returns empty if the token is missing or wrong. */
    static Optional<String> sha256(Problems problems, Place place, @Nullable Secret token) {
        String reason;
        if (token == null || token.text().isEmpty()) {
            reason = token == null ? "is missing" : "is empty";
        } else if (token.text().contains("${")) {
            problems.add(
                    place,
                    token,
                    "is a reference to something that is not set",
                    "set it, as an environment variable or in a file that spring.config.import reads");
            return Optional.empty();
        } else if (token.text().startsWith(NOOP)) {
            String text = token.text().substring(NOOP.length());
            if (text.length() >= MIN_LENGTH && text.matches("[A-Za-z0-9._~+/-]+=*")) { // RFC 6750, section 2.1
                return Optional.of(sha256(text));
            }
            reason = "is shorter than " + MIN_LENGTH + " characters, or has others than letters, digits and ._~+/-";
        } else if (token.text().matches("\\{sha256}[0-9a-fA-F]{64}")) {
            return Optional.of(token.text().substring(SHA256.length()).toLowerCase(Locale.ROOT));
        } else {
            reason = "is neither 64 hexadecimal digits behind {sha256} nor {noop} and a token";
        }
        problems.add(place, token, reason, FIX);
        return Optional.empty();
    }

    private static String sha256(String text) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
