package io.portproxy.acme;

import java.time.Instant;
import java.util.Optional;

/** An attempt that did not get a certificate, or an answer, and the reason. */
final class AcmeFailure extends Exception {
    private static final long serialVersionUID = 1L;
    private static final int MOST_CHARACTERS = 500;

    /** What a failure affects. */
    enum Of {
        /** The name that was ordered. Orders for other names may succeed. */
        THE_NAME,
        /** The authority or the account. Orders for all names would fail. */
        THE_AUTHORITY
    }

    private final Of of;
    private final transient Optional<Instant> notBefore;

    /**
     * @param message a message for people; may contain text from the authority
     * @param notBefore the earliest time for the next attempt; empty if the authority did not give one
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

    /** Returns the message, which is never missing. */
    String text() {
        return String.valueOf(getMessage());
    }

    /** Puts the message on one line and limits its length, because parts of it come from outside. */
    private static String readable(String message) {
        String line = message.replaceAll("[\\p{Cntrl}\\u2028\\u2029]+", " ").strip();
        return line.length() <= MOST_CHARACTERS ? line : line.substring(0, MOST_CHARACTERS) + "…";
    }
}
