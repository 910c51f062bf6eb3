package io.portproxy.http;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** The first line of a request. Checks the line and finds its parts. */
final class RequestLine {
    private final byte[] bytes;
    private final int methodEnd;
    private final int targetEnd;
    private final int end;
    private RequestKind kind = RequestKind.PLAIN;
    private boolean http10;
    private int schemePort = Authority.HTTP_PORT;
    private @Nullable ByteRange authority;

    /**
     * Reads the line.
     *
     * @param end where its CR is
     * @throws RefusedException if the request must not be relayed
     */
    RequestLine(byte[] bytes, int end) throws RefusedException {
        this.bytes = bytes;
        this.end = end;
        this.methodEnd = Ascii.indexOf(bytes, ' ', 0, end);
        this.targetEnd = Ascii.indexOf(bytes, ' ', methodEnd + 1, end);
        readVersion();
        readMethod();
        readTarget();
    }

    /** Returns the request target, as the user wrote it. */
    String target() {
        return new String(bytes, methodEnd + 1, targetEnd - methodEnd - 1, StandardCharsets.US_ASCII);
    }

    /** Returns the kind. It is never {@link RequestKind#UPGRADE}, as only a field makes a request an upgrade. */
    RequestKind kind() {
        return kind;
    }

    boolean http10() {
        return http10;
    }

    /** Returns the port of an authority that names no port. */
    int schemePort() {
        return schemePort;
    }

    /** Returns the authority of an absolute target; null for other targets. */
    @Nullable
    ByteRange authority() {
        return authority;
    }

    private void readVersion() throws RefusedException {
        if (!Ascii.equal(bytes, targetEnd + 1, end, "HTTP/1.1")) {
            http10 = Ascii.equal(bytes, targetEnd + 1, end, "HTTP/1.0");
            if (!http10) {
                throw badVersion();
            }
        }
    }

    private RefusedException badVersion() {
        if (Ascii.equal(bytes, 0, methodEnd, "PRI")) {
            return new RefusedException(505, "This port speaks HTTP/1.1; HTTP/2 needs a port of type tcp");
        }
        boolean noTarget = targetEnd == methodEnd + 1;
        if (noTarget || (targetEnd + 1 < end && bytes[targetEnd + 1] == ' ')) {
            return RefusedException.badRequest("More than one space between the parts of the request line");
        }
        return new RefusedException(505, "This port speaks HTTP/1.1 and HTTP/1.0");
    }

    /**
     * Checks the method (RFC 9112 section 3.1). A target that takes {@code head} for {@code HEAD} would send no body in
     * its response. PortProxy would wait for the body and would look for the next response in the wrong place.
     */
    private void readMethod() throws RefusedException {
        if (methodEnd == 0 || !Ascii.isToken(bytes, 0, methodEnd)) {
            throw RefusedException.badRequest("The method is no token");
        }
        if (Ascii.equalIgnoreCase(bytes, 0, methodEnd, "head")) {
            kind = RequestKind.HEAD;
        } else if (Ascii.equalIgnoreCase(bytes, 0, methodEnd, "connect")) {
            kind = RequestKind.CONNECT;
        }
        if (kind != RequestKind.PLAIN && !Ascii.equal(bytes, 0, methodEnd, kind.name())) {
            throw RefusedException.badRequest("The method has to be in capitals");
        }
    }

    /** Reads one of the four forms of RFC 9112 section 3.2. None has a fragment or anything but ASCII (RFC 3986). */
    private void readTarget() throws RefusedException {
        int from = methodEnd + 1;
        for (int i = from; i < targetEnd; i++) {
            if (bytes[i] <= ' ' || bytes[i] == 0x7f) {
                throw RefusedException.badRequest(
                        "A control character or a byte beyond ASCII in the request target; percent-encode it");
            } else if (bytes[i] == '#') {
                throw RefusedException.badRequest("A fragment (#) in the request target");
            }
        }
        if (kind == RequestKind.CONNECT) {
            if (Authority.parse(bytes, from, targetEnd).port() == Authority.NO_PORT) {
                throw RefusedException.badRequest("CONNECT needs host:port");
            }
        } else if (bytes[from] == '*' && targetEnd - from == 1) {
            if (!Ascii.equal(bytes, 0, methodEnd, "OPTIONS")) {
                throw RefusedException.badRequest("Only OPTIONS goes with the target *");
            }
        } else if (bytes[from] != '/') {
            readAbsolute(from);
        }
    }

    /** Reads {@code scheme://authority/path}. */
    private void readAbsolute(int from) throws RefusedException {
        int colon = Ascii.indexOf(bytes, ':', from, targetEnd);
        if (colon == from || targetEnd - colon < 4 || bytes[colon + 1] != '/' || bytes[colon + 2] != '/') {
            throw RefusedException.badRequest("The request target is neither a path nor an absolute address");
        }
        if (Ascii.equalIgnoreCase(bytes, from, colon, "https") || Ascii.equalIgnoreCase(bytes, from, colon, "wss")) {
            schemePort = Authority.HTTPS_PORT;
        }
        authority = new ByteRange(colon + 3, Authority.end(bytes, colon + 3, targetEnd));
    }
}
