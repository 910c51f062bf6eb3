package io.portproxy.server.exposed.user;

import io.portproxy.http.HttpOrigin;
import io.portproxy.net.EventLoop;
import io.portproxy.net.NumericAddress;
import io.portproxy.net.ProxyHeader;
import io.portproxy.net.Sockets;
import io.portproxy.net.Transport;
import io.portproxy.net.UnixPath;
import io.portproxy.net.tls.ServerCertificate;
import io.portproxy.tunnel.stream.StreamInput;
import io.portproxy.tunnel.stream.StreamTerms;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * A connection that the server has accepted, until it becomes a stream or a tunnel. At an exposed port it is a user's, at
 * the tunnel port a remote's. At a gateway nobody knows before its first bytes are read. It does not change: when the
 * server learns something about it, it makes a changed copy. Any thread, unless a method says otherwise; only the thread
 * of {@link #loop} may use the transport.
 */
public final class IncomingConnection {
    /** Stands for the address of a user of a unix socket: such a user is on this machine, and has no address of its own. */
    private static final InetSocketAddress ON_THIS_HOST =
            new InetSocketAddress(NumericAddress.parse("127.0.0.1").orElseThrow(), 0);

    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0).asReadOnlyBuffer();

    private EventLoop loop;
    private Transport transport;
    private InetSocketAddress address;
    private SocketAddress exposed;
    private Rerouting rerouting = Rerouting.NONE;
    private WebServices web = WebServices.NONE;
    private Optional<ServerCertificate> certificate = Optional.empty();
    private ByteBuffer readAlready = NOTHING;
    private final long acceptedAt;
    private Optional<String> authority = Optional.empty();
    private Optional<HeaderWatch> watch = Optional.empty();
    private StreamTerms terms = StreamTerms.NONE;

    private IncomingConnection(
            EventLoop loop, Transport transport, InetSocketAddress address, SocketAddress exposed, long acceptedAt) {
        this.loop = loop;
        this.transport = transport;
        this.address = address;
        this.exposed = exposed;
        this.acceptedAt = acceptedAt;
    }

    /** A copy, which may change until it is published. */
    private IncomingConnection copy() {
        IncomingConnection copy = new IncomingConnection(loop, transport, address, exposed, acceptedAt);
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
     * Returns a connection that has just been accepted.
     *
     * @throws IOException the other end is gone
     */
    public static IncomingConnection accepted(EventLoop loop, SocketChannel channel) throws IOException {
        return new IncomingConnection(
                loop,
                Transport.plain(channel),
                channel.getRemoteAddress() instanceof InetSocketAddress from ? from : ON_THIS_HOST,
                channel.getLocalAddress(),
                loop.turnNanos());
    }

    /** The loop whose thread may use the connection: at first the loop that accepted it. */
    public EventLoop loop() {
        return loop;
    }

    /** The transport of its bytes: the socket itself, or TLS on it. */
    public Transport transport() {
        return transport;
    }

    /**
     * The address of the user or the remote, as far as this server knows; for a user of a unix socket 127.0.0.1 with
     * port 0.
     */
    public InetSocketAddress address() {
        return address;
    }

    /**
     * Whether the user has an address. A user of a unix socket has none, unless a header of the PROXY protocol has
     * given it.
     */
    boolean hasAddress() {
        return !address.equals(ON_THIS_HOST);
    }

    /** The address that it was accepted at, with the port that users see. */
    public SocketAddress exposed() {
        return exposed;
    }

    /** The rule for further requests on the connection. */
    Rerouting rerouting() {
        return rerouting;
    }

    /** The services that connections share. */
    WebServices web() {
        return web;
    }

    /** The bytes that were sent and that have been read. */
    public ByteBuffer readAlready() {
        return readAlready;
    }

    /** When the connection was accepted, on the clock of the loops. */
    public long acceptedAt() {
        return acceptedAt;
    }

    /** The host that the user has asked for, if it is known. */
    public Optional<String> authority() {
        return authority;
    }

    /**
     * Checks the next bytes of a connection that must not begin with a header of the PROXY protocol, and leaves them
     * unchanged. On the loop that has the connection.
     *
     * @throws IOException the connection begins with a header, which was reported; the caller must reset the connection
     */
    public void checkStart(ByteBuffer next) throws IOException {
        if (watch.isPresent()) {
            watch.get().look(next);
        }
    }

    /** Returns the input that reads the user's bytes, first those that were already read, and passes them unchanged. */
    public StreamInput input() {
        return watched(
                readAlready.hasRemaining() ? new ResumedInput(readAlready, StreamInput.PLAIN) : StreamInput.PLAIN);
    }

    /** Returns the input with the check of the connection's first bytes, if there is one. */
    StreamInput watched(StreamInput input) {
        return watch.<StreamInput>map(there -> new WatchedInput(there, input)).orElse(input);
    }

    /** The terms on which the user was admitted. */
    public StreamTerms terms() {
        return terms;
    }

    /** Returns a copy with other terms. */
    public IncomingConnection on(StreamTerms others) {
        IncomingConnection copy = copy();
        copy.terms = others;
        return copy;
    }

    /** Returns a copy with the port that users see, if it differs from the bound port. */
    public IncomingConnection seenAt(Optional<Integer> port) {
        if (port.isEmpty()) {
            return this;
        }
        IncomingConnection copy = copy();
        copy.exposed = new InetSocketAddress(((InetSocketAddress) exposed).getAddress(), port.get());
        return copy;
    }

    /** Returns a copy with bytes that were read, and with the address that these gave. */
    public IncomingConnection after(ByteBuffer read, InetSocketAddress realAddress) {
        IncomingConnection copy = copy();
        copy.readAlready = read;
        copy.address = realAddress;
        return copy;
    }

    /** Returns a copy with bytes that were read. */
    public IncomingConnection after(ByteBuffer read) {
        return after(read, address);
    }

    /** Returns a copy with another address. */
    IncomingConnection from(InetSocketAddress realAddress) {
        return after(readAlready, realAddress);
    }

    /** Returns a copy whose first bytes this will check. */
    IncomingConnection watchedBy(HeaderWatch by) {
        return watched(Optional.of(by));
    }

    /** Returns a copy whose first bytes have been checked. */
    public IncomingConnection unwatched() {
        return watched(Optional.empty());
    }

    private IncomingConnection watched(Optional<HeaderWatch> by) {
        IncomingConnection copy = copy();
        copy.watch = by;
        return copy;
    }

    /** Returns a copy with the host that the user has asked for. */
    public IncomingConnection askingFor(String host) {
        IncomingConnection copy = copy();
        copy.authority = Optional.of(host).filter(name -> !name.isEmpty());
        return copy;
    }

    /** Returns a copy with another rule for further requests. */
    public IncomingConnection with(Rerouting other) {
        IncomingConnection copy = copy();
        copy.rerouting = other;
        return copy;
    }

    /** Returns a copy with the services that connections share. */
    IncomingConnection with(WebServices services) {
        IncomingConnection copy = copy();
        copy.web = services;
        return copy;
    }

    /** Returns a copy that belongs to another loop. */
    public IncomingConnection on(EventLoop other) {
        IncomingConnection copy = copy();
        copy.loop = other;
        return copy;
    }

    /** Moves the connection to another loop; from now on only that loop's thread may use it. On the loop that has it. */
    public IncomingConnection movedTo(EventLoop other) {
        loop.unregister(transport.socket());
        transport.moveTo(other);
        return on(other);
    }

    /**
     * Continues with the connection on a loop: at once if that loop has it, otherwise soon. On the loop that has the
     * connection.
     *
     * @param next gets the connection, on the given loop
     * @param refused gets the connection if that loop takes no more tasks; on the present loop
     */
    public void continueOn(EventLoop other, Consumer<IncomingConnection> next, Consumer<IncomingConnection> refused) {
        if (loop == other) {
            next.accept(this);
            return;
        }
        IncomingConnection moved = movedTo(other);
        if (!other.tryExecute(() -> next.accept(moved))) {
            refused.accept(moved);
        }
    }

    /** Returns a copy whose bytes come inside TLS. */
    public IncomingConnection inside(Transport tls, ServerCertificate shown) {
        IncomingConnection copy = copy();
        copy.transport = tls;
        copy.certificate = Optional.of(shown);
        copy.readAlready = NOTHING;
        return copy;
    }

    /** Whether the bytes come inside TLS that ends here. */
    public boolean secure() {
        return certificate.isPresent();
    }

    /**
     * Whether the connection may carry requests for a host. Without TLS, any host is possible. With TLS, the
     * certificate must be for the host, or the request must name no host. RFC 9110, section 7.4.
     */
    public boolean isFor(String host) {
        return host.isEmpty() || certificate.isEmpty() || certificate.get().covers(host);
    }

    /**
     * The addresses for a header of the PROXY protocol; empty if the user has no address. An exposed unix socket has no
     * address that the header could contain. It is represented by 127.0.0.1 with port 0.
     */
    public Optional<ProxyHeader.Addresses> addresses() {
        return hasAddress()
                ? Optional.of(
                        new ProxyHeader.Addresses(address, exposed instanceof InetSocketAddress ip ? ip : ON_THIS_HOST))
                : Optional.empty();
    }

    /** The origin of the requests on the connection. */
    HttpOrigin origin() {
        return new HttpOrigin(exposed, address.getAddress(), certificate.isPresent());
    }

    /** The address, as text for people. */
    public String addressText() {
        return hasAddress() ? Sockets.text(address) : UnixPath.PEER;
    }

    /** Returns the address of {@link #address} from the text of {@link #addressText}; empty if the text has none. */
    public static Optional<InetAddress> addressIn(String addressText) {
        return addressText.equals(UnixPath.PEER)
                ? Optional.of(ON_THIS_HOST.getAddress())
                : Sockets.numericHost(addressText);
    }

    /** Whether the user's address is banned. A user without an address is never banned, because all such users would be. */
    public boolean isBanned() {
        return hasAddress() && web.bans().isBanned(address.getAddress());
    }

    /** Records that the user was refused or failed to log in, which counts for a ban. */
    public void failed() {
        if (hasAddress()) {
            web.bans().failed(address.getAddress());
        }
    }

    /** Resets the connection. Any thread. */
    public void reset() {
        if (loop.inLoop()) {
            transport.reset();
        } else if (!loop.executeUnlessEnded(transport::reset)) {
            Sockets.reset(transport.socket());
        }
    }
}
