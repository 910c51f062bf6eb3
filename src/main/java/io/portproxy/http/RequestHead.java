package io.portproxy.http;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One complete request head that Jetty's parser has accepted: every line ends in CRLF and holds no control character,
 * every field line is a token, a colon and a value. Here it is cut into lines, what Jetty lets pass and we do not is
 * refused, and what has to change is noted down.
 */
final class RequestHead {
    private static final int HTTPS_PORT = 443;

    /** {@code bytes[from, to)} is a host to replace, or else a line to drop. Edits are kept in the order of the head. */
    private record Edit(int from, int to, boolean host) {}

    private final byte[] bytes;
    private final int length;
    private final HostRule rule;
    private final List<Edit> edits = new ArrayList<>(2);

    private RequestKind kind = RequestKind.PLAIN;
    private boolean http10;
    private boolean chunked;
    private int schemePort = Authority.HTTP_PORT;
    private @Nullable Authority named;
    private int namedFrom;
    private int namedTo;

    private RequestHead(byte[] bytes, int length, HostRule rule) {
        this.bytes = bytes;
        this.length = length;
        this.rule = rule;
    }

    /**
     * Reads the head.
     *
     * @param bytes holds the head, from index 0; kept until {@link #rewritten}
     * @param length of the head, with the empty line at its end
     * @param contentLength of the body, or negative if the head gives none
     * @param mayUpgrade whether {@code Upgrade} is passed on; else it is dropped, which RFC 9110 section 7.8 allows
     * @throws RefusedException if the request is not to be relayed
     */
    static RequestHead read(byte[] bytes, int length, long contentLength, HostRule rule, boolean mayUpgrade)
            throws RefusedException {
        RequestHead head = new RequestHead(bytes, length, rule);
        int line = head.readRequestLine();
        // The last two bytes are the empty line.
        while (line < length - 2) {
            int end = head.lineEnd(line);
            head.readField(line, end, mayUpgrade);
            line = end + 2;
        }
        head.checkBody(contentLength);
        return head;
    }

    RequestKind kind() {
        return kind;
    }

    /** Whether the body is chunked. */
    boolean chunked() {
        return chunked;
    }

    /** The head as it goes to the target. */
    byte[] rewritten(ForwardedFields forwarded) {
        byte[] host = rule.replacement();
        int size = length + forwarded.length(namedTo - namedFrom);
        for (int i = 0; i < edits.size(); i++) {
            Edit edit = edits.get(i);
            size += (edit.host ? host.length : 0) - (edit.to - edit.from);
        }
        byte[] out = new byte[size];
        int at = 0;
        int from = 0;
        for (int i = 0; i < edits.size(); i++) {
            Edit edit = edits.get(i);
            at = append(bytes, from, edit.from, out, at);
            at = append(host, 0, edit.host ? host.length : 0, out, at);
            from = edit.to;
        }
        at = append(bytes, from, length - 2, out, at);
        at = forwarded.write(bytes, namedFrom, namedTo, out, at);
        append(bytes, length - 2, length, out, at);
        return out;
    }

    private static int append(byte[] source, int from, int to, byte[] out, int at) {
        System.arraycopy(source, from, out, at, to - from);
        return at + to - from;
    }

    /** Returns where the next line begins. */
    private int readRequestLine() throws RefusedException {
        int end = lineEnd(0);
        int methodEnd = indexOf((byte) ' ', 0, end);
        int targetEnd = indexOf((byte) ' ', methodEnd + 1, end);
        if (!Ascii.equal(bytes, targetEnd + 1, end, "HTTP/1.1")) {
            http10 = Ascii.equal(bytes, targetEnd + 1, end, "HTTP/1.0");
            if (!http10) {
                throw badVersion(methodEnd, targetEnd + 1, end);
            }
        }
        readMethod(methodEnd);
        readTarget(methodEnd, methodEnd + 1, targetEnd);
        return end + 2;
    }

    private RefusedException badVersion(int methodEnd, int from, int end) {
        if (Ascii.equal(bytes, 0, methodEnd, "PRI")) {
            return new RefusedException(505, "This port speaks HTTP/1.1; HTTP/2 needs a port of type tcp");
        }
        boolean noTarget = from == methodEnd + 2;
        if (noTarget || (from < end && bytes[from] == ' ')) {
            return RefusedException.badRequest("More than one space between the parts of the request line");
        }
        return new RefusedException(505, "This port speaks HTTP/1.1 and HTTP/1.0");
    }

    /**
     * A target that takes {@code head} for {@code HEAD} would leave out a body that we then waited for in its response,
     * and we would look for the next response in the wrong place.
     */
    private void readMethod(int end) throws RefusedException {
        if (Ascii.equalIgnoreCase(bytes, 0, end, "head")) {
            kind = RequestKind.HEAD;
        } else if (Ascii.equalIgnoreCase(bytes, 0, end, "connect")) {
            kind = RequestKind.CONNECT;
        }
        if (kind != RequestKind.PLAIN && !Ascii.equal(bytes, 0, end, kind.name())) {
            throw RefusedException.badRequest("The method has to be in capitals");
        }
    }

    /** The four forms of RFC 9112 section 3.2. */
    private void readTarget(int methodEnd, int from, int to) throws RefusedException {
        for (int i = from; i < to; i++) {
            if (bytes[i] == 0x7f) {
                throw RefusedException.badRequest("A control character in the request target");
            }
        }
        if (kind == RequestKind.CONNECT) {
            if (Authority.parse(bytes, from, to).port() == Authority.NO_PORT) {
                throw RefusedException.badRequest("CONNECT needs host:port");
            }
        } else if (bytes[from] == '*' && to - from == 1) {
            if (!Ascii.equal(bytes, 0, methodEnd, "OPTIONS")) {
                throw RefusedException.badRequest("Only OPTIONS goes with the target *");
            }
        } else if (bytes[from] != '/') {
            readAbsolute(from, to);
        }
    }

    /** {@code scheme://authority/path}; the authority is treated as {@code Host} is. */
    private void readAbsolute(int from, int to) throws RefusedException {
        int colon = indexOf((byte) ':', from, to);
        if (colon == from || to - colon < 4 || bytes[colon + 1] != '/' || bytes[colon + 2] != '/') {
            throw RefusedException.badRequest("The request target is neither a path nor an absolute address");
        }
        if (Ascii.equalIgnoreCase(bytes, from, colon, "https") || Ascii.equalIgnoreCase(bytes, from, colon, "wss")) {
            schemePort = HTTPS_PORT;
        }
        int start = colon + 3;
        int end = start;
        while (end < to && bytes[end] != '/' && bytes[end] != '?' && bytes[end] != '#') {
            end++;
        }
        Authority authority = Authority.parse(bytes, start, end);
        if (authority.host().isEmpty()) {
            throw RefusedException.badRequest("The request target has no host");
        }
        takeName(authority, start, end);
    }

    private void readField(int line, int end, boolean mayUpgrade) throws RefusedException {
        int colon = indexOf((byte) ':', line, end);
        FieldNames.checkFraming(bytes, line, colon);
        if (Ascii.equalIgnoreCase(bytes, line, colon, "host")) {
            readHost(valueStart(colon, end), valueEnd(colon, end));
        } else if (FieldNames.isForwarded(bytes, line, colon)) {
            drop(line, end);
        } else if (Ascii.equalIgnoreCase(bytes, line, colon, "transfer-encoding")) {
            readTransferEncoding(valueStart(colon, end), valueEnd(colon, end));
        } else if (Ascii.equalIgnoreCase(bytes, line, colon, "connection")) {
            FieldNames.checkConnection(bytes, colon + 1, end);
        } else if (Ascii.equalIgnoreCase(bytes, line, colon, "upgrade")) {
            boolean passes = mayUpgrade && kind.mayUpgrade() && !FieldNames.upgradesToHttp(bytes, colon + 1, end);
            if (passes) {
                kind = RequestKind.UPGRADE;
            } else {
                drop(line, end);
            }
        }
    }

    private void readHost(int from, int to) throws RefusedException {
        Authority host = Authority.parse(bytes, from, to);
        if (kind == RequestKind.CONNECT) {
            // It says again where the tunnel is to end, which is not ours to change.
            named = host;
            namedFrom = from;
            namedTo = to;
        } else {
            takeName(host, from, to);
        }
    }

    /** RFC 9112 section 3.2.2: where a target has an authority, {@code Host} is the same. */
    private void takeName(Authority authority, int from, int to) throws RefusedException {
        if (named != null && !named.matches(authority, schemePort)) {
            throw RefusedException.badRequest("Host and the request target name different hosts");
        }
        named = authority;
        namedFrom = from;
        namedTo = to;
        if (rule.replaces(authority)) {
            edits.add(new Edit(from, to, true));
        }
    }

    private void readTransferEncoding(int from, int to) throws RefusedException {
        if (http10) {
            throw RefusedException.badRequest("Transfer-Encoding in an HTTP/1.0 request");
        }
        if (!Ascii.equalIgnoreCase(bytes, from, to, "chunked")) {
            throw new RefusedException(501, "The only transfer coding here is chunked");
        }
        chunked = true;
    }

    private void checkBody(long contentLength) throws RefusedException {
        if (kind == RequestKind.CONNECT && (chunked || contentLength > 0)) {
            throw RefusedException.badRequest("CONNECT has no body");
        }
    }

    private void drop(int line, int end) {
        edits.add(new Edit(line, end + 2, false));
    }

    private int valueStart(int colon, int end) {
        int i = colon + 1;
        while (i < end && Ascii.isBlank(bytes[i])) {
            i++;
        }
        return i;
    }

    private int valueEnd(int colon, int end) {
        int i = end;
        while (i > colon + 1 && Ascii.isBlank(bytes[i - 1])) {
            i--;
        }
        return Math.max(i, valueStart(colon, end));
    }

    /** Where the CR is that ends the line; Jetty has seen to it that there is one and that LF follows. */
    private int lineEnd(int from) {
        return indexOf((byte) '\r', from, length);
    }

    private int indexOf(byte wanted, int from, int to) {
        int i = from;
        while (i < to && bytes[i] != wanted) {
            i++;
        }
        return i;
    }
}
