package io.portproxy.config.check;

import io.portproxy.client.AllowedTarget;
import io.portproxy.config.check.HostPort.InvalidAddressException;
import io.portproxy.net.Sockets;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * A target as it is written: a port of the remote's 127.0.0.1, {@code host:port} or {@code [v6]:port}. Nothing is
 * resolved: only the remote knows what its names mean.
 *
 * @param host the host, without brackets; empty for 127.0.0.1, which every dialect reaches
 * @param port 1 to 65535
 */
public record TargetAddress(Optional<String> host, int port) {
    private static final int MAX_HOST_BYTES = 255; // protocol.md, section 2: Open
    private static final String EVERY_PORT = ":*";

    /**
     * Reads a target.
     *
     * @throws InvalidAddressException this is none; only its reason makes sense here, its fix does not
     */
    static TargetAddress parse(String text) throws InvalidAddressException {
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
        return new TargetAddress(loopback ? Optional.empty() : Optional.of(host), written.port());
    }

    /**
     * Reads an entry of a remote's {@code allow}, where {@code host:*} is every port of a host.
     *
     * @throws InvalidAddressException as {@link #parse}
     */
    static AllowedTarget parseAllowed(String text) throws InvalidAddressException {
        boolean everyPort = text.endsWith(EVERY_PORT);
        TargetAddress target = parse(everyPort ? text.substring(0, text.length() - 1) + "1" : text);
        return new AllowedTarget(
                target.host.orElse(AllowedTarget.LOOPBACK), everyPort ? Optional.empty() : Optional.of(target.port));
    }

    /** {@code host:port} as a URL has it. */
    String authority() {
        return Sockets.text(host.orElse(AllowedTarget.LOOPBACK), port);
    }

    @Override
    public String toString() {
        return host.isPresent() ? authority() : "port " + port;
    }

    private static InvalidAddressException invalid(String reason) {
        return new InvalidAddressException(reason, "");
    }
}
