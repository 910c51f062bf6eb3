package io.portproxy.config.check;

import io.portproxy.client.AllowedTarget;
import io.portproxy.config.check.HostPort.InvalidAddressException;
import io.portproxy.net.Sockets;
import io.portproxy.net.UnixPath;
import io.portproxy.protocol.Printable;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * A target in its written form: a port of the remote's 127.0.0.1, {@code host:port}, {@code [v6]:port} or {@code unix:/path}. The
 * server resolves no name of a target, because only the remote knows what its names mean.
 *
 * @param host the host, without brackets, or the text of a unix socket; empty for 127.0.0.1, which every dialect reaches
 * @param port 1 to 65535; 0 for a unix socket
 */
public record Target(Optional<String> host, int port) {
    private static final String LOCALHOST = "localhost";
    private static final int MAX_HOST_BYTES = 255; // protocol.md, section 2: Open
    /**
     * Reads a target.
     *
     * @throws InvalidAddressException the text is no target; use only the reason of the exception, because its fix does not fit
     *     here
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

    /** Reads a unix socket. */
    static UnixPath unix(String text) throws InvalidAddressException {
        Optional<String> wrong = UnixPath.wrongText(text);
        if (wrong.isPresent() || !Printable.is(text)) {
            throw new InvalidAddressException(
                    wrong.orElse("has a character that does not show"),
                    "write unix: and the whole path, such as unix:/run/app.sock");
        }
        return UnixPath.parse(text);
    }

    /** Returns whether the target is a unix socket. */
    public boolean isUnix() {
        return port == 0;
    }

    /**
     * Returns {@code host:port} in the form of a URL. A unix socket has none, and gets the remote's own name {@code localhost}.
     */
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
