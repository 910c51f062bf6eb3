package io.portproxy.config.check;

import io.portproxy.client.AllowedTarget;
import io.portproxy.config.check.HostPort.InvalidAddressException;
import io.portproxy.net.Sockets;
import io.portproxy.net.UnixPath;
import io.portproxy.protocol.Printable;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * A target as it is written: a port of the remote's 127.0.0.1, {@code host:port}, {@code [v6]:port} or {@code unix:/path}. Nothing
 * is resolved: only the remote knows what its names mean.
 *
 * @param host the host, without brackets, or a unix socket as it is written; empty for 127.0.0.1, which every dialect reaches
 * @param port 1 to 65535; 0 of a unix socket
 */
public record Target(Optional<String> host, int port) {
    private static final String LOCALHOST = "localhost";
    private static final int MAX_HOST_BYTES = 255; // protocol.md, section 2: Open
    /**
     * Reads a target.
     *
     * @throws InvalidAddressException this is none; only its reason makes sense here, its fix does not
     */
    static Target parse(String text) throws InvalidAddressException {
        if (UnixPath.isWritten(text)) {
            return new Target(Optional.of(unix(text).toString()), 0);
        }
        HostPort written =
                text.indexOf(':') < 0 ? new HostPort("", HostPort.port(text)) : HostPort.parse(text, "10.0.0.5:22");
        if (written.port() == 0) {
            throw invalid("has a port that is out of range");
        }
        String host = written.hostWithoutBrackets();
        if (host.getBytes(StandardCharsets.UTF_8).length > MAX_HOST_BYTES) {
            throw invalid("has a host that is too long");
        } else if (written.host().startsWith("[") && !host.matches("[0-9A-Fa-f.]*:[0-9A-Fa-f:.]+(%[A-Za-z0-9._-]+)?")) {
            throw invalid("has brackets around what is no IPv6 address");
        }
        boolean loopback = host.isEmpty() || host.equals(AllowedTarget.LOOPBACK);
        return new Target(loopback ? Optional.empty() : Optional.of(host), written.port());
    }

    /** A unix socket as it is written. */
    static UnixPath unix(String text) throws InvalidAddressException {
        Optional<String> wrong = UnixPath.wrongText(text);
        if (wrong.isPresent() || !Printable.is(text)) {
            throw new InvalidAddressException(
                    wrong.orElse("has a character that does not show"),
                    "write unix: and the whole path, such as unix:/run/app.sock");
        }
        return UnixPath.parse(text);
    }

    /** Whether it is a unix socket. */
    public boolean isUnix() {
        return port == 0;
    }

    /** {@code host:port} as a URL has it; a unix socket has none, and is called by the remote's own name. */
    String authority() {
        return isUnix() ? LOCALHOST : Sockets.text(host.orElse(AllowedTarget.LOOPBACK), port);
    }

    @Override
    public String toString() {
        return host.map(there -> Sockets.targetText(there, port)).orElse("port " + port);
    }

    private static InvalidAddressException invalid(String reason) {
        return new InvalidAddressException(reason, "");
    }
}
