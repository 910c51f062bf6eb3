package io.portproxy.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

/** Checks names of fields and of connection options, and refuses requests with names that must not pass. */
final class FieldNames {
    private static final String CONTENT_LENGTH = "content-length";
    private static final String TRANSFER_ENCODING = "transfer-encoding";

    private FieldNames() {}

    /**
     * Checks that the name is not one that only some targets would take for a field that frames the body.
     *
     * @throws RefusedException with 400, for names such as {@code Content_Length}
     */
    static void checkFraming(byte[] bytes, int from, int to) throws RefusedException {
        if (disguises(bytes, from, to, CONTENT_LENGTH) || disguises(bytes, from, to, TRANSFER_ENCODING)) {
            throw RefusedException.badRequest("A field name that only resembles one that frames the body");
        }
    }

    private static boolean disguises(byte[] bytes, int from, int to, String name) {
        return Ascii.equalFolded(bytes, from, to, name) && !Ascii.equalIgnoreCase(bytes, from, to, name);
    }

    /**
     * Checks the name of a trailer. RFC 9110 section 6.5.1 forbids trailers that frame or route a message. A target
     * that merges trailers into the head would also accept there the fields that PortProxy drops from heads.
     *
     * @param rules the other fields that PortProxy takes out of heads
     * @throws RefusedException with 400, if the name is not allowed
     */
    static void checkTrailer(String name, FieldRules rules) throws RefusedException {
        byte[] bytes = name.getBytes(ISO_8859_1);
        if (FieldRules.isForwarded(bytes, 0, bytes.length)
                || Ascii.equalIgnoreCase(bytes, 0, bytes.length, "host")
                || Ascii.equalIgnoreCase(bytes, 0, bytes.length, "authorization")
                || rules.takeOut(bytes, 0, bytes.length)
                || Ascii.equalFolded(bytes, 0, bytes.length, CONTENT_LENGTH)
                || Ascii.equalFolded(bytes, 0, bytes.length, TRANSFER_ENCODING)) {
            throw RefusedException.badRequest("A field that may not be in a trailer");
        }
    }

    /**
     * Checks the options of a {@code Connection} field. A target that is itself a proxy removes the fields that are
     * named there. So a user could make it remove fields that PortProxy adds.
     *
     * @param rules the other fields that PortProxy sets or takes out
     * @throws RefusedException with 400, if an option names such a field
     */
    static void checkConnection(byte[] bytes, int from, int to, FieldRules rules) throws RefusedException {
        int token = nextToken(bytes, from, to);
        while (token < to) {
            int end = tokenEnd(bytes, token, to);
            if (FieldRules.isForwarded(bytes, token, end)
                    || Ascii.equalIgnoreCase(bytes, token, end, "host")
                    || rules.takeOut(bytes, token, end)) {
                throw RefusedException.badRequest("A field that the Connection field may not name");
            }
            token = nextToken(bytes, end, to);
        }
    }

    private static int nextToken(byte[] bytes, int from, int to) {
        int i = from;
        while (i < to && isSeparator(bytes[i])) {
            i++;
        }
        return i;
    }

    private static int tokenEnd(byte[] bytes, int from, int to) {
        int i = from;
        while (i < to && !isSeparator(bytes[i])) {
            i++;
        }
        return i;
    }

    private static boolean isSeparator(byte b) {
        return b == ',' || Ascii.isBlank(b);
    }
}
