package io.portproxy.config.check;

import java.net.InetAddress;
import java.net.UnknownHostException;

/**
 * An address in its written form: {@code host:port}, {@code [v6]:port}, or a bare port.
 *
 * @param host the host's name or address, an IPv6 address in brackets; empty for a bare port
 * @param port 0 to 65535
 */
record HostPort(String host, int port) {
    static final int MAX_PORT = 65535;

    /**
     * Reads an address. Resolves no names.
     *
     * @param text the text
     * @param example a valid address, for the fix
     * @throws InvalidAddressException the text is no address
     */
    static HostPort parse(String text, String example) throws InvalidAddressException {
        String fix = "write host:port, such as " + example;
        if (text.isBlank()) {
            throw new InvalidAddressException("is empty", fix);
        } else if (text.matches("[+-]?[0-9]+")) {
            return new HostPort("", port(text, 0));
        } else if (text.contains("://") || text.contains("/")) {
            throw new InvalidAddressException("is a URL or a path, not an address", fix + ", and nothing else");
        } else if (text.startsWith("[")) {
            return bracketed(text);
        }
        int colon = text.lastIndexOf(':');
        if (colon < 0) {
            throw new InvalidAddressException("has no port", "write the port behind it, such as " + text + ":9015");
        } else if (text.indexOf(':') != colon) {
            throw new InvalidAddressException(
                    "has several colons and no brackets",
                    "write an IPv6 address in brackets with the port behind them, such as [::1]:9015");
        } else if (colon == 0) {
            throw new InvalidAddressException(
                    "has no host",
                    "write 127.0.0.1" + text + " for this machine alone, or 0.0.0.0" + text + " for all addresses");
        }
        String host = text.substring(0, colon);
        if (host.equals("*")) {
            throw new InvalidAddressException(
                    "has no host: * is not one", "write 0.0.0.0" + text.substring(colon) + " for all addresses");
        } else if (host.chars().anyMatch(c -> Character.isWhitespace(c) || Character.isISOControl(c))) {
            throw new InvalidAddressException("has a blank in the host's name", fix + ", without blanks");
        }
        return new HostPort(host, port(text, colon + 1));
    }

    private static HostPort bracketed(String text) throws InvalidAddressException {
        int close = text.indexOf(']');
        if (close < 0) {
            throw new InvalidAddressException("has no closing bracket", "write [v6]:port, such as [::1]:9015");
        } else if (close + 1 >= text.length() || text.charAt(close + 1) != ':') {
            throw new InvalidAddressException(
                    "has no port", "write the port behind it, such as " + text.substring(0, close + 1) + ":9015");
        }
        return new HostPort(text.substring(0, close + 1), port(text, close + 2));
    }

    private static int port(String text, int from) throws InvalidAddressException {
        return port(text.substring(from));
    }

    /**
     * Reads a port.
     *
     * @return 0 to 65535
     * @throws InvalidAddressException the text is no port
     */
    static int port(String text) throws InvalidAddressException {
        if (!text.matches("[+-]?[0-9]+")) {
            throw new InvalidAddressException(
                    text.isEmpty() ? "has no port" : "has a port that is not a number: " + text,
                    "write a port from 1 to " + MAX_PORT);
        }
        // A number with too many digits would overflow.
        int port = text.length() > 6 ? -1 : Integer.parseInt(text);
        if (port < 0 || port > MAX_PORT) {
            throw new InvalidAddressException("has a port that is out of range", "write a port from 1 to " + MAX_PORT);
        }
        return port;
    }

    /** Returns the host in the form that the JDK's addresses expect. */
    String hostWithoutBrackets() {
        return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    }

    /**
     * Resolves the host. Blocks during name resolution.
     *
     * @param fix the fix for the exception
     * @throws UnresolvedException there is no such host, or no name service answers
     */
    InetAddress resolve(String fix) throws UnresolvedException {
        try {
            return InetAddress.getByName(host);
        } catch (UnknownHostException e) {
            throw new UnresolvedException("has a host that cannot be resolved: " + host, fix);
        }
    }

    /** Thrown if a text is no address. Says what is wrong with it, and what to write instead. */
    static class InvalidAddressException extends Exception {
        private static final long serialVersionUID = 1L;

        private final String fix;

        InvalidAddressException(String reason, String fix) {
            super(reason, null, false, false);
            this.fix = fix;
        }

        String reason() {
            return String.valueOf(getMessage());
        }

        String fix() {
            return fix;
        }
    }

    /** Thrown if the host's name has no address now. It may have one later, so this alone does not make a configuration wrong. */
    static final class UnresolvedException extends InvalidAddressException {
        private static final long serialVersionUID = 1L;

        UnresolvedException(String reason, String fix) {
            super(reason, fix);
        }
    }
}
