package io.portproxy.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import org.jspecify.annotations.Nullable;

/**
 * A host and an optional port, read from {@code Host} or from a request target.
 *
 * <p>It is stricter than RFC 9110 section 4.2. It allows no user information. It also allows none of the punctuation,
 * such as a comma, that a registered name may contain in theory and that makes {@code X-Forwarded-Host} ambiguous.
 *
 * @param host the host as it was written, an IPv6 address with its brackets; empty if the value was empty
 * @param port 0 to 65535, or {@value #NO_PORT} if there is none
 */
record Authority(String host, int port) {
    static final int NO_PORT = -1;

    /** The port of an {@code http} address that names no port. */
    static final int HTTP_PORT = 80;

    /** The port of an {@code https} address that names no port. */
    static final int HTTPS_PORT = 443;

    /**
     * Reads {@code bytes[from, to)}, which has no white space around it.
     *
     * @throws RefusedException with 400, if it is malformed
     */
    static Authority parse(byte[] bytes, int from, int to) throws RefusedException {
        int colon = hostEnd(bytes, from, to);
        String host = new String(bytes, from, colon - from, ISO_8859_1);
        // RFC 3986 section 3.2.3: the port after the colon may be empty.
        return new Authority(host, to - colon <= 1 ? NO_PORT : port(bytes, colon + 1, to));
    }

    /** Returns where the authority ends that begins at {@code from} in an address. */
    static int end(byte[] bytes, int from, int to) {
        int end = from;
        while (end < to && bytes[end] != '/' && bytes[end] != '?' && bytes[end] != '#') {
            end++;
        }
        return end;
    }

    /** Returns where the authority is in an {@code http} or {@code https} address; null for any other address. */
    static @Nullable ByteRange inAddress(byte[] bytes, ByteRange address) {
        int colon = Ascii.indexOf(bytes, ':', address.from(), address.to());
        boolean http = Ascii.equalIgnoreCase(bytes, address.from(), colon, "http")
                || Ascii.equalIgnoreCase(bytes, address.from(), colon, "https");
        if (!http || address.to() - colon < 3 || bytes[colon + 1] != '/' || bytes[colon + 2] != '/') {
            return null;
        }
        return new ByteRange(colon + 3, end(bytes, colon + 3, address.to()));
    }

    /** Returns the default port of an {@code http} or {@code https} address. */
    static int schemePort(byte[] bytes, ByteRange address) {
        return Ascii.startsIgnoreCase(bytes, address.from(), address.to(), "https") ? HTTPS_PORT : HTTP_PORT;
    }

    /**
     * Checks a value from the configuration.
     *
     * @throws IllegalArgumentException if the value is malformed, or its host or port is empty
     */
    static void require(String value) {
        byte[] bytes = value.getBytes(ISO_8859_1);
        try {
            if (parse(bytes, 0, bytes.length).host().isEmpty() || value.endsWith(":")) {
                throw new IllegalArgumentException("the host or the port is empty; write host:port");
            }
        } catch (RefusedException e) {
            throw new IllegalArgumentException("\"" + value + "\" is no host or host:port", e);
        }
    }

    /** Returns the port, or {@code schemePort} if there is none. */
    int portOr(int schemePort) {
        return port == NO_PORT ? schemePort : port;
    }

    /** Returns whether both name the same host and port. {@code schemePort} stands for a missing port. */
    boolean matches(Authority other, int schemePort) {
        return host.equalsIgnoreCase(other.host) && portOr(schemePort) == other.portOr(schemePort);
    }

    /** Returns where the host ends: at the colon before a port, or at {@code to}. */
    private static int hostEnd(byte[] bytes, int from, int to) throws RefusedException {
        boolean v6 = from < to && bytes[from] == '[';
        int i = v6 ? from + 1 : from;
        while (i < to && (Ascii.isHostByte(bytes[i]) || (v6 && bytes[i] == ':'))) {
            i++;
        }
        if (v6) {
            if (i == to || bytes[i] != ']') {
                throw RefusedException.badRequest("The host is malformed");
            }
            i++;
        }
        if (i < to && (bytes[i] != ':' || i == from)) {
            throw RefusedException.badRequest("The host is malformed");
        }
        return i;
    }

    private static int port(byte[] bytes, int from, int to) throws RefusedException {
        int port = 0;
        for (int i = from; i < to; i++) {
            int digit = bytes[i] - '0';
            port = port * 10 + digit;
            if (digit < 0 || digit > 9 || port > 0xffff) {
                throw RefusedException.badRequest("The port of the host is malformed");
            }
        }
        return port;
    }
}
