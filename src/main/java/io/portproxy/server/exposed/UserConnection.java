package io.portproxy.server.exposed;

import io.portproxy.http.HttpOrigin;
import io.portproxy.net.EventLoop;
import io.portproxy.net.Sockets;
import io.portproxy.net.Transport;
import io.portproxy.net.tls.ServerCertificate;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.Optional;

/**
 * A user's connection to an exposed port, until it is a stream.
 *
 * @param loop whose thread has it: the one that accepted it, in the beginning
 * @param transport its bytes: of the socket itself, or inside TLS
 * @param user where the user is, as far as this server knows
 * @param exposed the address that the user connected to, with the port that users see
 * @param rerouting what becomes of its further requests
 * @param web what is shared with the others
 * @param certificate what was shown to the user, if its bytes come inside TLS that ends here
 * @param readAlready what the user has sent and a {@link Preface} has read
 * @param acceptedAt when it was accepted, on the clock of the loops
 * @param authority the host that the user has asked for, if it is known
 * @param watch looks whether it begins with a header of the PROXY protocol, which it must not; empty if nobody looks
 */
public record UserConnection(
        EventLoop loop,
        Transport transport,
        InetSocketAddress user,
        InetSocketAddress exposed,
        Rerouting rerouting,
        WebServices web,
        Optional<ServerCertificate> certificate,
        ByteBuffer readAlready,
        long acceptedAt,
        Optional<String> authority,
        Optional<HeaderWatch> watch) {
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0).asReadOnlyBuffer();

    /**
     * One that has just been accepted.
     *
     * @throws IOException the user is gone
     */
    public static UserConnection accepted(EventLoop loop, SocketChannel channel) throws IOException {
        return new UserConnection(
                loop,
                Transport.plain(channel),
                (InetSocketAddress) channel.getRemoteAddress(),
                (InetSocketAddress) channel.getLocalAddress(),
                Rerouting.NONE,
                WebServices.NONE,
                Optional.empty(),
                NOTHING,
                loop.turnNanos(),
                Optional.empty(),
                Optional.empty());
    }

    /** The same, where users see another port than the one that is bound. */
    UserConnection seenAt(Optional<Integer> port) {
        return port.isEmpty()
                ? this
                : new UserConnection(
                        loop,
                        transport,
                        user,
                        new InetSocketAddress(exposed.getAddress(), port.get()),
                        rerouting,
                        web,
                        certificate,
                        readAlready,
                        acceptedAt,
                        authority,
                        watch);
    }

    /** The same, with what was read of it, and the user's address that this says. */
    public UserConnection after(ByteBuffer read, InetSocketAddress realUser) {
        return new UserConnection(
                loop, transport, realUser, exposed, rerouting, web, certificate, read, acceptedAt, authority, watch);
    }

    /** The same, whose user is elsewhere. */
    UserConnection from(InetSocketAddress realUser) {
        return after(readAlready, realUser);
    }

    /** The same, whose first bytes are looked at. */
    UserConnection watchedBy(HeaderWatch by) {
        return watched(Optional.of(by));
    }

    /** The same, whose first bytes have been looked at. */
    UserConnection unwatched() {
        return watched(Optional.empty());
    }

    private UserConnection watched(Optional<HeaderWatch> by) {
        return new UserConnection(
                loop, transport, user, exposed, rerouting, web, certificate, readAlready, acceptedAt, authority, by);
    }

    /** The same, of which it is known which host the user has asked for. */
    UserConnection askingFor(String host) {
        return new UserConnection(
                loop,
                transport,
                user,
                exposed,
                rerouting,
                web,
                certificate,
                readAlready,
                acceptedAt,
                Optional.of(host).filter(name -> !name.isEmpty()),
                watch);
    }

    /** The same, with what was read of it. */
    public UserConnection after(ByteBuffer read) {
        return after(read, user);
    }

    /** The same, whose further requests may go elsewhere. */
    UserConnection with(Rerouting other) {
        return new UserConnection(
                loop, transport, user, exposed, other, web, certificate, readAlready, acceptedAt, authority, watch);
    }

    /** The same, with what is shared. */
    UserConnection with(WebServices services) {
        return new UserConnection(
                loop,
                transport,
                user,
                exposed,
                rerouting,
                services,
                certificate,
                readAlready,
                acceptedAt,
                authority,
                watch);
    }

    /** Whether its bytes come inside TLS that ends here. */
    boolean secure() {
        return certificate.isPresent();
    }

    /** The same, which another loop has now. */
    UserConnection on(EventLoop other) {
        return new UserConnection(
                other,
                transport,
                user,
                exposed,
                rerouting,
                web,
                certificate,
                readAlready,
                acceptedAt,
                authority,
                watch);
    }

    /** Whether requests for a host may come by it: without TLS any, else those that its certificate is for, and those for none. RFC 9110, section 7.4. */
    boolean isFor(String host) {
        return host.isEmpty() || certificate.isEmpty() || certificate.get().covers(host);
    }

    /** Where its requests come from. */
    HttpOrigin origin() {
        return new HttpOrigin(exposed, user.getAddress(), certificate.isPresent());
    }

    /** The user's address, as people see it. */
    public String userText() {
        return Sockets.text(user);
    }

    /** Gives it to another loop, whose thread alone may touch it from now on. On the loop that has it. */
    public UserConnection movedTo(EventLoop other) {
        loop.unregister(transport.socket());
        transport.moveTo(other);
        return new UserConnection(
                other,
                transport,
                user,
                exposed,
                rerouting,
                web,
                certificate,
                readAlready,
                acceptedAt,
                authority,
                watch);
    }

    /** The same inside TLS. */
    UserConnection inside(Transport tls, ServerCertificate shown) {
        return new UserConnection(
                loop, tls, user, exposed, rerouting, web, Optional.of(shown), NOTHING, acceptedAt, authority, watch);
    }

    /** Any thread. */
    public void reset() {
        if (loop.inLoop()) {
            transport.reset();
        } else if (!loop.executeUnlessEnded(transport::reset)) {
            Sockets.reset(transport.socket());
        }
    }
}
