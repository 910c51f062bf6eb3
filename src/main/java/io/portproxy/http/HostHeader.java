package io.portproxy.http;

import java.util.Locale;

/** What is done with the {@code Host} of a request: the {@code host_header} of an exposed port. */
public sealed interface HostHeader permits HostHeader.Policy, HostHeader.Literal {

    /** The ways that have a name. */
    enum Policy implements HostHeader {
        /** The target's address where the user named the exposed address; any other host stays. */
        DEFAULT,
        /** Always the target's address. */
        REWRITE,
        /** Never touched. */
        PRESERVE
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
     * @param text {@code default} or empty, {@code rewrite}, {@code preserve}, in any case, or else a literal value
     * @return the policy or the literal
     * @throws IllegalArgumentException if it is none of the words and a {@code Host} header cannot hold it
     */
    static HostHeader of(String text) {
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "", "default" -> Policy.DEFAULT;
            case "rewrite" -> Policy.REWRITE;
            case "preserve" -> Policy.PRESERVE;
            default -> new Literal(text);
        };
    }
}
