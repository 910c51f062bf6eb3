package io.portproxy.server.exposed;

import io.portproxy.http.HttpOrigin;
import io.portproxy.net.EventLoop;
import io.portproxy.net.NumericAddress;
import io.portproxy.net.ProxyHeader;
import io.portproxy.net.Sockets;
import io.portproxy.net.Transport;
import io.portproxy.net.UnixPath;
import io.portproxy.net.tls.ServerCertificate;
import io.portproxy.tunnel.stream.StreamTerms;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.Optional;

/** A user's connection to an exposed port, until it is a stream. Does not change: what is learned of the user makes another one. */
public final class UserConnection {
    /** A user of a unix socket is on this host, and has no address of its own. */
    private static final InetSocketAddress ON_THIS_HOST =
            new InetSocketAddress(NumericAddress.parse("127.0.0.1").orElseThrow(), 0);

    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0).asReadOnlyBuffer();

    private EventLoop loop;
    private Transport transport;
    private InetSocketAddress user;
    private SocketAddress exposed;
    private Rerouting rerouting = Rerouting.NONE;
    private WebServices web = WebServices.NONE;
    private Optional<ServerCertificate> certificate = Optional.empty();
    private ByteBuffer readAlready = NOTHING;
    private final long acceptedAt;
    private Optional<String> authority = Optional.empty();
    private Optional<HeaderWatch> watch = Optional.empty();
    private StreamTerms terms = StreamTerms.NONE;

    private UserConnection(
            EventLoop loop, Transport transport, InetSocketAddress user, SocketAddress exposed, long acceptedAt) {
        this.loop = loop;
        this.transport = transport;
        this.user = user;
        this.exposed = exposed;
        this.acceptedAt = acceptedAt;
    }

    /** A copy, which may change until it is handed out. */
    private UserConnection copy() {
        UserConnection copy = new UserConnection(loop, transport, user, exposed, acceptedAt);
        copy.rerouting = rerouting;
        copy.web = web;
        copy.certificate = certificate;
        copy.readAlready = readAlready;
        copy.authority = authority;
        copy.watch = watch;
        copy.terms = terms;
        return copy;
    }

    /**
     * One that has just been accepted.
     *
     * @throws IOException the user is gone
     */
    public static UserConnection accepted(EventLoop loop, SocketChannel channel) throws IOException {
        return new UserConnection(
                loop,
                Transport.plain(channel),
                channel.getRemoteAddress() instanceof InetSocketAddress user ? user : ON_THIS_HOST,
                channel.getLocalAddress(),
                loop.turnNanos());
    }

    /** Whose thread has it: the loop that accepted it, in the beginning. */
    public EventLoop loop() {
        return loop;
    }

    /** Its bytes: of the socket itself, or inside TLS. */
    public Transport transport() {
        return transport;
    }

    /** Where the user is, as far as this server knows: for a user of a unix socket 127.0.0.1, with port 0. */
    public InetSocketAddress user() {
        return user;
    }

    /** Whether there is an address of the user's. A unix socket has none, unless a header of the PROXY protocol has told it. */
    boolean hasAddress() {
        return !user.equals(ON_THIS_HOST);
    }

    /** The address that the user connected to, with the port that users see. */
    public SocketAddress exposed() {
        return exposed;
    }

    /** What becomes of its further requests. */
    Rerouting rerouting() {
        return rerouting;
    }

    /** What is shared with the others. */
    WebServices web() {
        return web;
    }

    /** What was shown to the user, if its bytes come inside TLS that ends here. */
    Optional<ServerCertificate> certificate() {
        return certificate;
    }

    /** What the user has sent and a {@link Preface} has read. */
    public ByteBuffer readAlready() {
        return readAlready;
    }

    /** When it was accepted, on the clock of the loops. */
    public long acceptedAt() {
        return acceptedAt;
    }

    /** The host that the user has asked for, if it is known. */
    Optional<String> authority() {
        return authority;
    }

    /** Looks whether it begins with a header of the PROXY protocol, which it must not; empty if nobody looks. */
    Optional<HeaderWatch> watch() {
        return watch;
    }

    /** On which terms its user was let in. */
    public StreamTerms terms() {
        return terms;
    }

    /** The same, whose user was let in on these terms. */
    public UserConnection on(StreamTerms others) {
        UserConnection copy = copy();
        copy.terms = others;
        return copy;
    }

    /** The same, where users see another port than the one that is bound. */
    UserConnection seenAt(Optional<Integer> port) {
        if (port.isEmpty()) {
            return this;
        }
        UserConnection copy = copy();
        copy.exposed = new InetSocketAddress(((InetSocketAddress) exposed).getAddress(), port.get());
        return copy;
    }

    /** The same, with what was read of it, and the user's address that this says. */
    public UserConnection after(ByteBuffer read, InetSocketAddress realUser) {
        UserConnection copy = copy();
        copy.readAlready = read;
        copy.user = realUser;
        return copy;
    }

    /** The same, with what was read of it. */
    public UserConnection after(ByteBuffer read) {
        return after(read, user);
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
        UserConnection copy = copy();
        copy.watch = by;
        return copy;
    }

    /** The same, of which it is known which host the user has asked for. */
    UserConnection askingFor(String host) {
        UserConnection copy = copy();
        copy.authority = Optional.of(host).filter(name -> !name.isEmpty());
        return copy;
    }

    /** The same, whose further requests may go elsewhere. */
    UserConnection with(Rerouting other) {
        UserConnection copy = copy();
        copy.rerouting = other;
        return copy;
    }

    /** The same, with what is shared. */
    UserConnection with(WebServices services) {
        UserConnection copy = copy();
        copy.web = services;
        return copy;
    }

    /** The same, which another loop has now. */
    UserConnection on(EventLoop other) {
        UserConnection copy = copy();
        copy.loop = other;
        return copy;
    }

    /** Gives it to another loop, whose thread alone may touch it from now on. On the loop that has it. */
    public UserConnection movedTo(EventLoop other) {
        loop.unregister(transport.socket());
        transport.moveTo(other);
        return on(other);
    }

    /** The same inside TLS. */
    UserConnection inside(Transport tls, ServerCertificate shown) {
        UserConnection copy = copy();
        copy.transport = tls;
        copy.certificate = Optional.of(shown);
        copy.readAlready = NOTHING;
        return copy;
    }

    /** Whether its bytes come inside TLS that ends here. */
    boolean secure() {
        return certificate.isPresent();
    }

    /** Whether requests for a host may come by it: without TLS any, else those that its certificate is for, and those for none. RFC 9110, section 7.4. */
    boolean isFor(String host) {
        return host.isEmpty() || certificate.isEmpty() || certificate.get().covers(host);
    }

    /** What a header of the PROXY protocol says of it. A unix socket that the user has connected to has no address that could stand there. */
    Optional<ProxyHeader.Addresses> addresses() {
        return hasAddress()
                ? Optional.of(
                        new ProxyHeader.Addresses(user, exposed instanceof InetSocketAddress ip ? ip : ON_THIS_HOST))
                : Optional.empty();
    }

    /** Where its requests come from. */
    HttpOrigin origin() {
        return new HttpOrigin(exposed, user.getAddress(), certificate.isPresent());
    }

    /** The user's address, as people see it. */
    public String userText() {
        return hasAddress() ? Sockets.text(user) : UnixPath.PEER;
    }

    /** The address that {@link #user} had, found in {@link #userText}; empty if there is none in it. */
    public static Optional<InetAddress> addressIn(String userText) {
        return userText.equals(UnixPath.PEER) ? Optional.of(ON_THIS_HOST.getAddress()) : Sockets.numericHost(userText);
    }

    /** Whether the user's address is banned. A user without one cannot be: others would be, too. */
    boolean isBanned() {
        return hasAddress() && web.bans().isBanned(user.getAddress());
    }

    /** The user was refused or failed to log in, which counts for a ban. */
    void failed() {
        if (hasAddress()) {
            web.bans().failed(user.getAddress());
        }
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
