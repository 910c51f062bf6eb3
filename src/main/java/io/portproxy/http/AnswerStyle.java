package io.portproxy.http;

/**
 * The form of an answer that PortProxy sends itself, in place of a target.
 *
 * @param head whether the answer is to a HEAD request and so has no body
 * @param format the format of the body
 */
public record AnswerStyle(boolean head, Format format) {
    /** The format of a body. */
    public enum Format {
        /** For a person who reads it in a browser. */
        HTML,
        /** For a program: a problem document (RFC 9457). */
        PROBLEM
    }

    /** The style for a request of which nothing could be read. */
    public static final AnswerStyle UNREAD = new AnswerStyle(false, Format.PROBLEM);

    private static final String HEAD = "HEAD ";

    /**
     * Returns the style for a request that is malformed or incomplete. It uses the lines that have arrived in full.
     *
     * @param start the bytes of the head that have arrived
     * @param length how many bytes of {@code start} are used
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
