package io.portproxy.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import org.jspecify.annotations.Nullable;

/** Reads and changes one complete response head that Jetty's parser has accepted, as bytes. */
final class ResponseHead {
    private static final String SWITCHING = "HTTP/1.1 101";

    private ResponseHead() {}

    /**
     * Returns why a 101 does not open what the user asked for; empty if it does.
     *
     * @param key the key that the answer has to prove; null if it has to prove none
     */
    static String whyNoSwitch(byte[] head, @Nullable WebSocketKey key) {
        int line = SWITCHING.length();
        if (!Ascii.equal(head, 0, line, SWITCHING) || (head[line] != ' ' && head[line] != '\r')) {
            return "its 101 has a malformed status line";
        }
        Fields fields = new Fields(head);
        while (fields.next()) {
            boolean length =
                    fields.is("content-length") && !fields.value().text(head).matches("0+");
            if (length || fields.is("transfer-encoding")) {
                return "its 101 announces a body";
            }
        }
        if (key != null && !accepted(head).equals(WebSocketKey.accept(key.ours()))) {
            return "its 101 does not prove that it took the WebSocket's key";
        }
        return "";
    }

    private static String accepted(byte[] head) {
        Fields fields = new Fields(head);
        while (fields.next()) {
            if (fields.is("sec-websocket-accept")) {
                return fields.value().text(head);
            }
        }
        return "";
    }

    /** Returns the head with the answer to the key that the user sent. */
    static byte[] withAccept(byte[] head, @Nullable WebSocketKey key) {
        HeadEdits edits = new HeadEdits();
        Fields fields = new Fields(head);
        while (key != null && fields.next()) {
            if (fields.is("sec-websocket-accept")) {
                edits.replace(fields.value().from(), fields.value().to(), WebSocketKey.accept(key.users()));
            }
        }
        return edits.isEmpty() ? head : edits.apply(head, head.length);
    }

    /**
     * Returns the head with each {@code Location} that names exactly {@code host} made relative, as RFC 9110 section
     * 10.2.2 allows. So it leads back to the address that the user used, whatever stands between. Nothing that the user
     * sent is written into the response.
     */
    static byte[] withoutHost(byte[] head, String host) {
        HeadEdits edits = new HeadEdits();
        Fields fields = new Fields(head);
        while (fields.next()) {
            if (fields.is("location")) {
                ByteRange value = fields.value();
                ByteRange authority = isVisible(head, value) ? Authority.inAddress(head, value) : null;
                if (authority != null && names(head, value, authority, host)) {
                    edits.replace(value.from(), authority.to(), pathStart(head, authority.to(), value.to()));
                }
            }
        }
        return edits.isEmpty() ? head : edits.apply(head, head.length);
    }

    /** Returns the head with the changes of {@code rules}. */
    static byte[] withFields(byte[] head, FieldRules rules) {
        HeadEdits edits = new HeadEdits();
        Fields fields = new Fields(head);
        while (fields.next()) {
            if (rules.takeOut(head, fields.line, fields.colon)) {
                edits.dropLine(fields.line, fields.end);
            }
        }
        edits.insert(head.length - 2, rules.lines());
        return edits.apply(head, head.length);
    }

    private static boolean names(byte[] head, ByteRange address, ByteRange authority, String host) {
        byte[] wanted = host.getBytes(ISO_8859_1);
        try {
            return Authority.parse(head, authority.from(), authority.to())
                    .matches(Authority.parse(wanted, 0, wanted.length), Authority.schemePort(head, address));
        } catch (RefusedException e) {
            return false; // another kind of address, which stays as it is
        }
    }

    /** Returns the text to put before the rest to make it a path. {@code //x} alone would be another host. */
    private static String pathStart(byte[] head, int from, int to) {
        if (from == to || head[from] != '/') {
            return "/";
        }
        boolean likeHost = from + 1 < to && (head[from + 1] == '/' || head[from + 1] == '\\');
        return likeHost ? "/." : "";
    }

    /** Returns whether the value has no white space. Browsers drop tabs and line ends, and so could see another path. */
    private static boolean isVisible(byte[] head, ByteRange value) {
        for (int i = value.from(); i < value.to(); i++) {
            if (head[i] <= ' ' || head[i] == 0x7f) {
                return false;
            }
        }
        return true;
    }

    /** Steps through the field lines. */
    private static final class Fields {
        private final byte[] head;
        private int line;
        private int colon;
        private int end;

        Fields(byte[] head) {
            this.head = head;
            this.end = Ascii.indexOf(head, '\r', 0, head.length);
        }

        boolean next() {
            line = end + 2;
            end = Ascii.indexOf(head, '\r', line, head.length);
            colon = Ascii.indexOf(head, ':', line, end);
            return line < end;
        }

        boolean is(String name) {
            return Ascii.equalIgnoreCase(head, line, colon, name);
        }

        ByteRange value() {
            return ByteRange.value(head, colon, end);
        }
    }
}
