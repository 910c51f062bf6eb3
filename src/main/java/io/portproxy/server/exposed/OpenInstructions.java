package io.portproxy.server.exposed;

import io.portproxy.net.ProxyHeader;
import io.portproxy.net.Sockets;
import io.portproxy.protocol.Identity;
import io.portproxy.protocol.OpaqueBytes;
import io.portproxy.protocol.Open;
import io.portproxy.server.exposed.user.IncomingConnection;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.Optional;

/**
 * Makes the Open instructions of a route: they tell the remote the target and the user and, if the route has {@code proxy-protocol}, the header
 * that it must write to the target first. Any thread.
 */
public final class OpenInstructions {
    /** RFC 1035, section 2.3.4, without the dot of the root. A longer Host is not a valid name. */
    private static final int MAX_DNS_NAME = 253;

    private static final String ALPN = "http/1.1";

    private final RouteSettings settings;

    OpenInstructions(RouteSettings settings) {
        this.settings = settings;
    }

    /** Returns the Open instruction for a user's stream. */
    public Open of(long identity, IncomingConnection user) {
        return of(
                identity,
                user.addressText(),
                user.exposed(),
                settings.proxyProtocol().map(version -> OpaqueBytes.of(header(version, identity, user))));
    }

    /** Returns the Open instruction for a user's datagrams. */
    public Open of(long identity, InetSocketAddress user, InetSocketAddress exposed) {
        return of(
                identity,
                Sockets.text(user),
                exposed,
                settings.proxyProtocol()
                        .map(version -> OpaqueBytes.of(ProxyHeader.ofDatagrams(
                                new ProxyHeader.Addresses(user, exposed), Identity.format(identity)))));
    }

    private Open of(long identity, String user, SocketAddress exposed, Optional<OpaqueBytes> firstBytes) {
        return new Open(
                identity,
                settings.targetPort(exposed),
                settings.targetHost(),
                Optional.of(user),
                Optional.of(Sockets.text(exposed)),
                Optional.of(transport()),
                Optional.empty(),
                firstBytes);
    }

    /** The transport as the protocol names it. */
    String transport() {
        if (settings.udp().isPresent()) {
            return Open.UDP;
        }
        return settings.http().isPresent() ? "http" : "tcp";
    }

    private static byte[] header(ProxyHeader.Version version, long identity, IncomingConnection user) {
        Optional<ProxyHeader.Addresses> addresses = user.addresses();
        return version == ProxyHeader.Version.V1
                ? ProxyHeader.v1(addresses)
                : ProxyHeader.v2(
                        addresses,
                        user.secure() ? Optional.of(ALPN) : Optional.empty(),
                        user.authority().filter(name -> name.length() <= MAX_DNS_NAME),
                        Identity.format(identity));
    }
}
