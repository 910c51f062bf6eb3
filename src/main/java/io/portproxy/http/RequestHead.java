package io.portproxy.http;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One complete request head that Jetty's parser has accepted: every line ends in CRLF and holds no control character,
 * and every field line is a token, a colon and a value. This class splits it into lines, refuses what Jetty allows and
 * PortProxy does not, and records what has to change.
 */
final class RequestHead implements RequestView {
    private static final String BASIC = "basic ";

    private final byte[] bytes;
    private final int length;
    private final RequestRules rules;
    private final HeadEdits edits = new HeadEdits();
    private final RequestLine line;
    private final ForwardedLines forwarded;
    private final UpgradeLines upgrade;

    /** The values of {@code Origin} and {@code Referer}. */
    private final List<ByteRange> origins = new ArrayList<>(0);

    private RequestKind kind;
    private boolean chunked;
    private int authorizations;
    private @Nullable ByteRange authorization; // null if there is more than one
    private boolean hasHost;
    private boolean html; // the request asks for a page for a browser
    private @Nullable Authority named;
    private @Nullable ByteRange namedAt;

    private RequestHead(byte[] bytes, int length, RequestRules rules) throws RefusedException {
        this.bytes = bytes;
        this.length = length;
        this.rules = rules;
        this.line = new RequestLine(bytes, lineEnd(0));
        this.kind = line.kind();
        this.forwarded = new ForwardedLines(rules, bytes, edits);
        this.upgrade = new UpgradeLines(bytes, edits);
    }

    /**
     * Reads the head.
     *
     * @param bytes holds the head, from index 0; must not change until {@link #rewritten}
     * @param length the length of the head, with the empty line at its end
     * @param contentLength the length of the body; negative if the head gives none
     * @param switching whether {@code Upgrade} is passed on; otherwise it is dropped
     * @throws RefusedException if the request must not be relayed
     */
    static RequestHead read(byte[] bytes, int length, long contentLength, RequestRules rules, Switching switching)
            throws RefusedException {
        RequestHead head = new RequestHead(bytes, length, rules);
        head.readFields();
        head.checkBody(contentLength);
        head.finish(switching);
        return head;
    }

    @Override
    public String hostName() {
        return named == null ? "" : HostName.normal(named.host());
    }

    @Override
    public String target() {
        return line.target();
    }

    @Override
    public Optional<String> credentials() {
        ByteRange value = authorization;
        return value == null || !isBasic(value)
                ? Optional.empty()
                : Optional.of(new ByteRange(value.from() + BASIC.length(), value.to())
                        .text(bytes)
                        .strip());
    }

    @Override
    public String line() {
        return new ByteRange(0, lineEnd(0)).text(bytes);
    }

    @Override
    public Optional<String> field(String name) {
        int from = lineEnd(0) + 2;
        while (from < length - 2) {
            int end = lineEnd(from);
            int colon = Ascii.indexOf(bytes, ':', from, end);
            if (Ascii.equalIgnoreCase(bytes, from, colon, name)) {
                return Optional.of(ByteRange.value(bytes, colon, end).text(bytes));
            }
            from = end + 2;
        }
        return Optional.empty();
    }

    @Override
    public Optional<String> forwardedFor() {
        return forwarded.addresses().map(value -> value.text(bytes));
    }

    private boolean isBasic(ByteRange value) {
        return Ascii.startsIgnoreCase(bytes, value.from(), value.to(), BASIC);
    }

    /** Returns the style of PortProxy's own answer to this request. */
    AnswerStyle style() {
        return new AnswerStyle(kind == RequestKind.HEAD, html ? AnswerStyle.Format.HTML : AnswerStyle.Format.PROBLEM);
    }

    RequestKind kind() {
        return kind;
    }

    /** Returns whether the body is chunked. */
    boolean chunked() {
        return chunked;
    }

    /** Returns the key that the answer to a WebSocket's handshake has to prove; null if it has to prove none. */
    @Nullable
    WebSocketKey key() {
        return upgrade.key();
    }

    /** Returns the head as it goes to the target. */
    byte[] rewritten() {
        return edits.apply(bytes, length);
    }

    private void readFields() throws RefusedException {
        ByteRange authority = line.authority();
        if (authority != null) {
            if (Authority.parse(bytes, authority.from(), authority.to()).host().isEmpty()) {
                throw RefusedException.badRequest("The request target has no host");
            }
            takeName(authority);
        }
        int from = lineEnd(0) + 2;
        // The last two bytes are the empty line.
        while (from < length - 2) {
            int end = lineEnd(from);
            readField(from, end);
            from = end + 2;
        }
    }

    private void readField(int from, int end) throws RefusedException {
        int colon = Ascii.indexOf(bytes, ':', from, end);
        FieldNames.checkFraming(bytes, from, colon);
        if (Ascii.equalIgnoreCase(bytes, from, colon, "accept")) {
            html |= ByteRange.value(bytes, colon, end).text(bytes).contains("text/html");
        }
        if (Ascii.equalIgnoreCase(bytes, from, colon, "authorization")) {
            readAuthorization(from, colon, end);
        } else if (rules.fields().takeOut(bytes, from, colon)) {
            edits.dropLine(from, end);
        } else if (Ascii.equalIgnoreCase(bytes, from, colon, "host")) {
            hasHost = true;
            takeName(ByteRange.value(bytes, colon, end));
        } else if (FieldRules.isForwarded(bytes, from, colon)) {
            forwarded.read(from, colon, end);
        } else if (Ascii.equalIgnoreCase(bytes, from, colon, "cookie")) {
            DashboardCookies.drop(bytes, from, colon, end, (start, stop) -> edits.replace(start, stop, ""));
        } else if (Ascii.equalIgnoreCase(bytes, from, colon, "transfer-encoding")) {
            readTransferEncoding(ByteRange.value(bytes, colon, end));
        } else if (Ascii.equalIgnoreCase(bytes, from, colon, "connection")) {
            FieldNames.checkConnection(bytes, colon + 1, end, rules.fields());
        } else if (Ascii.equalIgnoreCase(bytes, from, colon, "upgrade")) {
            upgrade.readUpgrade(from, colon, end);
        } else if (Ascii.equalIgnoreCase(bytes, from, colon, "sec-websocket-key")) {
            upgrade.readKey(colon, end);
        } else if (Ascii.equalIgnoreCase(bytes, from, colon, "origin")
                || Ascii.equalIgnoreCase(bytes, from, colon, "referer")) {
            origins.add(ByteRange.value(bytes, colon, end));
        }
    }

    private void readAuthorization(int from, int colon, int end) {
        ByteRange value = ByteRange.value(bytes, colon, end);
        authorization = ++authorizations == 1 ? value : null;
        if (rules.fields().takeOut(bytes, from, colon) || (rules.takesCredentials() && isBasic(value))) {
            edits.dropLine(from, end);
        }
    }

    /** Takes the host that the request names. RFC 9112 section 3.2.2: it is the same in {@code Host} and in the target. */
    private void takeName(ByteRange at) throws RefusedException {
        Authority authority = Authority.parse(bytes, at.from(), at.to());
        if (named != null && !named.matches(authority, line.schemePort())) {
            throw RefusedException.badRequest("Host and the request target name different hosts");
        }
        named = authority;
        namedAt = at;
        // CONNECT names the end of the tunnel in Host again. PortProxy does not change that.
        if (kind != RequestKind.CONNECT && rules.host().isPresent()) {
            edits.replace(at.from(), at.to(), rules.host().get());
        }
    }

    private void readTransferEncoding(ByteRange value) throws RefusedException {
        if (line.http10()) {
            throw RefusedException.badRequest("Transfer-Encoding in an HTTP/1.0 request");
        }
        if (!Ascii.equalIgnoreCase(bytes, value.from(), value.to(), "chunked")) {
            throw new RefusedException(501, "The only transfer coding here is chunked");
        }
        chunked = true;
    }

    private void checkBody(long contentLength) throws RefusedException {
        if (kind == RequestKind.CONNECT && (chunked || contentLength > 0)) {
            throw RefusedException.badRequest("CONNECT has no body");
        }
    }

    private void finish(Switching switching) throws RefusedException {
        if (kind == RequestKind.CONNECT) {
            if (switching != Switching.FREE) {
                throw new RefusedException(501, "CONNECT has to be the first request of a connection");
            }
        } else if (upgrade.finish(kind == RequestKind.PLAIN ? switching : Switching.NONE)) {
            kind = RequestKind.UPGRADE;
        }
        String lines = forwarded.finish(namedAt);
        if (kind != RequestKind.CONNECT && rules.host().isPresent()) {
            replaceOrigins(rules.host().get());
            lines = (hasHost ? "" : "Host: " + rules.host().get() + "\r\n") + lines;
        }
        lines += rules.fields().lines();
        if (!lines.isEmpty()) {
            edits.insert(length - 2, lines);
        }
    }

    /** Replaces the host in {@code Origin} and {@code Referer}; otherwise the target would see a request from another site. */
    private void replaceOrigins(String host) {
        ByteRange seen = forwarded.host(namedAt);
        for (ByteRange value : origins) {
            ByteRange at = Authority.inAddress(bytes, value);
            if (at != null && (names(value, at, namedAt) || names(value, at, seen))) {
                edits.replace(at.from(), at.to(), host);
            }
        }
    }

    private boolean names(ByteRange address, ByteRange authority, @Nullable ByteRange host) {
        int schemePort = Authority.schemePort(bytes, address);
        try {
            return host != null
                    && !host.isEmpty()
                    && Authority.parse(bytes, authority.from(), authority.to())
                            .matches(Authority.parse(bytes, host.from(), host.to()), schemePort);
        } catch (RefusedException e) {
            return false; // it names no host that could be the user's
        }
    }

    /** Returns the index of the CR that ends the line. Jetty has checked that there is one and that LF follows. */
    private int lineEnd(int from) {
        return Ascii.indexOf(bytes, '\r', from, length);
    }
}
