package io.portproxy.http;

import java.util.Locale;

/** What becomes of the {@code Host} of a request: the {@code host_header} of an exposed port. */
public sealed interface HostHeader permits HostHeader.Policy, HostHeader.Literal {

    /** The policies that have a name. */
    enum Policy implements HostHeader {
        /** {@code Host} stays as it is. */
        PRESERVE,
        /** {@code Host} becomes the target's address. */
        REWRITE
    }

    /**
     * {@code Host} becomes this value.
     *
     * @param value {@code host}, {@code host:port}, {@code [v6]} or {@code [v6]:port}
     */
    record Literal(String value) implements HostHeader {
        /**
         * Checks the value.
         *
         * @throws IllegalArgumentException if a {@code Host} header cannot hold it
         */
        public Literal {
            Authority.require(value);
        }
    }

    /**
     * Reads the configured text.
     *
     * @param text {@code preserve} or {@code default}, which mean the same, or {@code rewrite}, each in any case;
     *     otherwise a literal value
     * @return the policy or the literal
     * @throws IllegalArgumentException if the text is none of these words and a {@code Host} header cannot hold it
     */
    static HostHeader of(String text) {
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "default", "preserve" -> Policy.PRESERVE;
            case "rewrite" -> Policy.REWRITE;
            default -> new Literal(text);
        };
    }
}
