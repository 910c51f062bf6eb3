package io.portproxy.http;

/**
 * How an answer that comes from us and not from a target is to look.
 *
 * @param head whether it answers a HEAD, and so has no body
 * @param format what its body is
 */
public record AnswerStyle(boolean head, Format format) {
    /** What a body is. */
    public enum Format {
        /** For what may be no HTTP at all. */
        TEXT,
        /** For a person who looks at it in a browser. */
        HTML,
        /** For a program (RFC 9457). */
        PROBLEM
    }

    /** For a request that could not be read. */
    public static final AnswerStyle UNREAD = new AnswerStyle(false, Format.TEXT);
}
