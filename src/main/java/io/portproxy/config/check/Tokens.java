package io.portproxy.config.check;

import io.portproxy.config.problem.Place;
import io.portproxy.config.problem.Problems;
import io.portproxy.config.properties.Secret;
import io.portproxy.protocol.Token;
import io.portproxy.protocol.TokenVerifier;
import java.util.Optional;

/** The rules for tokens. No message contains a part of a token or its length. */
final class Tokens {
    private static final int MIN_LENGTH = 16;
    private static final String MAKE_ONE = "; java -jar portproxy.jar token (or portproxy token) makes a good one";

    /** The JDK reads this character for bytes that are not UTF-8, as in a file from PowerShell (UTF-16). */
    private static final char NOT_UTF_8 = '\uFFFD';

    private Tokens() {}

    private static boolean isNoText(int c) {
        return Character.isWhitespace(c) || Character.isISOControl(c) || Character.getType(c) == Character.FORMAT;
    }

    /**
     * Returns what a server needs to check a token. The text is the token, or what another server keeps of it. Adds a problem and
     * returns empty if it is wrong.
     */
    static Optional<TokenVerifier> verifier(Problems problems, Place place, Secret secret) {
        if (!TokenVerifier.isText(secret.text())) {
            return check(problems, place, secret).map(TokenVerifier::of);
        }
        try {
            return Optional.of(TokenVerifier.parse(secret.text()));
        } catch (IllegalArgumentException e) {
            problems.add(
                    place,
                    secret,
                    "begins like what an export contains in place of a token, but is not complete",
                    "copy it again, whole, or write the token itself");
            return Optional.empty();
        }
    }

    /** Returns the token. Adds a problem and returns empty if it is wrong. */
    static Optional<Token> check(Problems problems, Place place, Secret secret) {
        String text = secret.text();
        String longer = "write a secret of " + MIN_LENGTH + " or more characters" + MAKE_ONE;
        if (text.isEmpty()) {
            problems.add(place, secret, "is empty", longer);
        } else if (TokenVerifier.isText(text)) {
            problems.add(
                    place,
                    secret,
                    "is what an export contains in place of a token: a remote cannot authenticate with it",
                    "write the token itself; if it is lost, make another one at the server");
        } else if (text.contains("${")) {
            // Without this check, the text of the reference would be the token, which anybody can guess.
            problems.add(
                    place,
                    secret,
                    "is a reference to something that is not set",
                    "set it, as an environment variable or in a file that spring.config.import reads");
        } else if (text.indexOf(NOT_UTF_8) >= 0) {
            problems.add(place, secret, "has bytes that are not UTF-8", "save the file as UTF-8" + MAKE_ONE);
        } else if (text.chars().anyMatch(Tokens::isNoText)) {
            problems.add(
                    place,
                    secret,
                    "has a blank, a line break or a character that does not show in it",
                    "write one word" + MAKE_ONE);
        } else if (text.length() < MIN_LENGTH) {
            problems.add(place, secret, "is too short: anybody could find it out by trying", longer);
        } else {
            return Optional.of(Token.of(text));
        }
        return Optional.empty();
    }
}
