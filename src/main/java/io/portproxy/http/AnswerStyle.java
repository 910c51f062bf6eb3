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
        /** For a person who looks at it in a browser. */
        HTML,
        /** For a program (RFC 9457). */
        PROBLEM
    }

    /** For a request of which nothing could be read. */
    public static final AnswerStyle UNREAD = new AnswerStyle(false, Format.PROBLEM);

    private static final String HEAD = "HEAD ";

    /**
     * For a request that is malformed or not complete, as far as it says how.
     *
     * @param start of its head
     * @param length of these that count
     */
    public static AnswerStyle ofPart(byte[] start, int length) {
        boolean ofHead = length > HEAD.length() && Ascii.equal(start, 0, HEAD.length(), HEAD);
        boolean html = PartialHead.of(start, length)
                .flatMap(head -> head.field("accept"))
                .filter(accept -> accept.contains("text/html"))
                .isPresent();
        return new AnswerStyle(ofHead, html ? Format.HTML : Format.PROBLEM);
    }
}
