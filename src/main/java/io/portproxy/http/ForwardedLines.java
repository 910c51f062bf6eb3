package io.portproxy.http;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The lines of one request that say where it came from. Lines of a trusted proxy are kept, and PortProxy adds its own
 * part after them. Lines of other users are dropped, in any spelling that a target could take for them.
 */
final class ForwardedLines {
    private final RequestRules rules;
    private final byte[] bytes;
    private final HeadEdits edits;
    // The values that a trusted proxy wrote; of several lines, the last.
    private @Nullable ByteRange addresses;
    private @Nullable ByteRange forwarded;
    private @Nullable ByteRange host;
    private @Nullable ByteRange proto;
    private boolean port;
    private @Nullable ByteRange anybodys; // the last X-Forwarded-For of any author
    private final LoopGuard loops = new LoopGuard();

    ForwardedLines(RequestRules rules, byte[] bytes, HeadEdits edits) {
        this.rules = rules;
        this.bytes = bytes;
        this.edits = edits;
    }

    /** Takes a line whose name {@linkplain FieldRules#isForwarded is one of these}. */
    void read(int line, int colon, int end) {
        if (Ascii.equalIgnoreCase(bytes, line, colon, "x-forwarded-for")) {
            anybodys = ByteRange.value(bytes, colon, end);
        }
        if (loops.read(bytes, line, colon, end) || !rules.trusted() || !Ascii.isPlainName(bytes, line, colon)) {
            edits.dropLine(line, end);
            return;
        }
        ByteRange value = ByteRange.value(bytes, colon, end);
        if (Ascii.equalIgnoreCase(bytes, line, colon, "x-forwarded-for")) {
            addresses = value;
        } else if (Ascii.equalIgnoreCase(bytes, line, colon, "forwarded")) {
            forwarded = value;
        } else if (Ascii.equalIgnoreCase(bytes, line, colon, "x-forwarded-host")) {
            host = value;
        } else if (Ascii.equalIgnoreCase(bytes, line, colon, "x-forwarded-proto")) {
            proto = value;
        } else if (Ascii.equalIgnoreCase(bytes, line, colon, "x-forwarded-port")) {
            port = true;
        }
    }

    /** Returns the last {@code X-Forwarded-For} of any author. */
    Optional<ByteRange> addresses() {
        return Optional.ofNullable(anybodys);
    }

    /** Returns the host that the user named, according to a trusted proxy; otherwise {@code named}. */
    @Nullable
    ByteRange host(@Nullable ByteRange named) {
        return host == null ? named : host.firstElement(bytes);
    }

    /**
     * Adds what PortProxy says about the origin of the request.
     *
     * @param named the host in the request; null if there is none
     * @return lines to add to the head
     * @throws RefusedException if the request has passed PortProxy too often, see {@link LoopGuard}
     */
    String finish(@Nullable ByteRange named) throws RefusedException {
        if (!rules.adds()) {
            return "";
        }
        StringBuilder lines = new StringBuilder(128);
        if (addresses == null) {
            lines.append("X-Forwarded-For: ").append(rules.user()).append("\r\n");
        } else {
            append(addresses, rules.user());
        }
        if (forwarded != null) {
            append(forwarded, rules.forwardedUser());
        }
        if (host == null && named != null && !named.isEmpty()) {
            lines.append("X-Forwarded-Host: ").append(named.text(bytes)).append("\r\n");
        }
        if (!port) {
            lines.append("X-Forwarded-Port: ").append(port(host(named))).append("\r\n");
        }
        if (proto == null) {
            lines.append(rules.secure() ? "X-Forwarded-Proto: https\r\n" : "X-Forwarded-Proto: http\r\n");
        }
        return lines.append(loops.finish()).toString();
    }

    private void append(ByteRange list, String element) {
        edits.insert(list.to(), list.isEmpty() ? element : ", " + element);
    }

    /** Returns the port that the user named, or the scheme's default: links must have the port that the user sees. */
    private int port(@Nullable ByteRange seen) {
        boolean https =
                proto == null ? rules.secure() : Ascii.startsIgnoreCase(bytes, proto.from(), proto.to(), "https");
        int schemePort = https ? Authority.HTTPS_PORT : Authority.HTTP_PORT;
        if (seen == null || seen.isEmpty()) {
            return https ? Authority.HTTPS_PORT : rules.exposedPort();
        }
        try {
            return Authority.parse(bytes, seen.from(), seen.to()).portOr(schemePort);
        } catch (RefusedException e) {
            return schemePort; // a proxy has its own way to write it
        }
    }
}
