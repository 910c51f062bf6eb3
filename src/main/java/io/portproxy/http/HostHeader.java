package io.portproxy.http;

import java.util.Locale;

/** What is done with the {@code Host} of a request: the {@code host_header} of an exposed port. */
public sealed interface HostHeader permits HostHeader.Policy, HostHeader.Literal {

    /** The ways that have a name. */
    enum Policy implements HostHeader {
        /** Never touched. */
        PRESERVE,
        /** Always the target's address. */
        REWRITE
    }

    /**
     * Always this value.
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
     * @param text {@code preserve} or {@code default}, which are the same, or {@code rewrite}, in any case, or else a
     *     literal value
     * @return the policy or the literal
     * @throws IllegalArgumentException if it is none of the words and a {@code Host} header cannot hold it
     */
    static HostHeader of(String text) {
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "default", "preserve" -> Policy.PRESERVE;
            case "rewrite" -> Policy.REWRITE;
            default -> new Literal(text);
        };
    }
}
