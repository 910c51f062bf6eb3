package io.portproxy.acme;

import java.time.Instant;
import java.util.Optional;

/** No certificate, and why. */
final class AcmeFailure extends Exception {
    private static final long serialVersionUID = 1L;
    private static final int MOST_CHARACTERS = 500;

    /** Whom it concerns. */
    enum Of {
        /** The name that was asked for: others may fare better. */
        THE_NAME,
        /** The authority or the account: nobody would fare better. */
        THE_AUTHORITY
    }

    private final Of of;
    private final transient Optional<Instant> notBefore;

    /**
     * @param message for people; may quote the authority
     * @param notBefore when the authority wants to hear of it again; empty if it did not say
     */
    AcmeFailure(Of of, String message, Optional<Instant> notBefore, Throwable cause) {
        super(readable(message), cause);
        this.of = of;
        this.notBefore = notBefore;
    }

    AcmeFailure(Of of, String message) {
        super(readable(message));
        this.of = of;
        this.notBefore = Optional.empty();
    }

    Of of() {
        return of;
    }

    Optional<Instant> notBefore() {
        return notBefore;
    }

    /** The message; there always is one. */
    String text() {
        return String.valueOf(getMessage());
    }

    /** On one line, and not endless: it comes from elsewhere. */
    private static String readable(String message) {
        String line = message.replaceAll("[\\p{Cntrl}\\u2028\\u2029]+", " ").strip();
        return line.length() <= MOST_CHARACTERS ? line : line.substring(0, MOST_CHARACTERS) + "…";
    }
}
