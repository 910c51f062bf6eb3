package io.portproxy.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.Optional;

/**
 * The readable part of a request that is malformed or whose head is not complete: the lines that have arrived in full,
 * as the user wrote them. They are not checked.
 */
final class PartialHead implements RequestView {
    private final byte[] bytes;
    private final int length;

    private PartialHead(byte[] bytes, int length) {
        this.bytes = bytes;
        this.length = length;
    }

    /**
     * Reads the beginning of a request.
     *
     * @param bytes the bytes of the request, not copied
     * @return empty if the first line is not complete
     */
    static Optional<RequestView> of(byte[] bytes, int length) {
        PartialHead head = new PartialHead(bytes, length);
        return head.lineEnd(0) < 0 ? Optional.empty() : Optional.of(head);
    }

    /** Returns the index of the CR or LF that ends a line; negative if there is none. */
    private int lineEnd(int from) {
        for (int i = from; i < length; i++) {
            if (bytes[i] == '\r' || bytes[i] == '\n') {
                return i;
            }
        }
        return -1;
    }

    @Override
    public String line() {
        return new ByteRange(0, lineEnd(0)).text(bytes);
    }

    @Override
    public Optional<String> field(String name) {
        int from = lineEnd(0) + 1;
        for (int end = lineEnd(from); end >= 0; end = lineEnd(from)) {
            int colon = Ascii.indexOf(bytes, ':', from, end);
            if (colon > from && colon < end && Ascii.equalIgnoreCase(bytes, from, colon, name)) {
                return Optional.of(ByteRange.value(bytes, colon, end).text(bytes));
            }
            from = end + 1;
        }
        return Optional.empty();
    }

    @Override
    public String hostName() {
        return field("host").map(PartialHead::name).orElse("");
    }

    private static String name(String host) {
        byte[] text = host.getBytes(ISO_8859_1);
        try {
            return HostName.normal(Authority.parse(text, 0, text.length).host());
        } catch (RefusedException e) {
            return "";
        }
    }

    @Override
    public String target() {
        String[] parts = line().split(" ", 3);
        return parts.length > 1 ? parts[1] : "";
    }

    @Override
    public Optional<String> credentials() {
        return Optional.empty(); // a malformed request gives nobody access
    }

    @Override
    public Optional<String> forwardedFor() {
        return field("x-forwarded-for");
    }
}
