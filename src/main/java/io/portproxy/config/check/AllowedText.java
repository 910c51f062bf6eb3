package io.portproxy.config.check;

import io.portproxy.client.AllowedPorts;
import io.portproxy.client.AllowedSockets;
import io.portproxy.client.AllowedTarget;
import io.portproxy.config.check.HostPort.InvalidAddressException;
import io.portproxy.net.UnixPath;

/**
 * Reads the text of an entry of a remote's {@code allow}: a target, ports of a host ({@code host:first-last}, {@code host:*}), or
 * the unix sockets of a folder ({@code unix:/run/app/*}).
 */
final class AllowedText {
    private static final String EVERY_PORT = ":*";
    private static final String EVERY_SOCKET = "/*";

    private AllowedText() {}

    /**
     * Reads an entry.
     *
     * @throws InvalidAddressException the text is no entry; use only the reason of the exception, because its fix does not fit
     *     here
     */
    static AllowedTarget parse(String text) throws InvalidAddressException {
        if (UnixPath.isWritten(text)) {
            boolean folder = text.endsWith(EVERY_SOCKET);
            String path = folder ? text.substring(0, text.length() - EVERY_SOCKET.length()) : text;
            return new AllowedSockets(Target.unix(path), folder);
        }
        if (text.endsWith(EVERY_PORT)) {
            String host = host(Target.parse(text.substring(0, text.length() - 1) + "1"));
            return new AllowedPorts(host, 1, HostPort.MAX_PORT);
        }
        PortsText ports = PortsText.parse(text);
        Target first = Target.parse(ports.first());
        return new AllowedPorts(host(first), first.port(), first.port() + ports.count() - 1);
    }

    private static String host(Target target) {
        return target.host().orElse(AllowedTarget.LOOPBACK);
    }
}
