package io.portproxy.server.exposed.gateway;

import io.portproxy.http.HostTable;
import io.portproxy.net.EventLoop;
import io.portproxy.net.ListenException;
import io.portproxy.net.Listener;
import io.portproxy.net.PendingConnections;
import io.portproxy.net.Sockets;
import io.portproxy.net.tls.TlsResources;
import io.portproxy.server.exposed.Forwarding;
import io.portproxy.server.exposed.user.HeaderPreface;
import io.portproxy.server.exposed.user.IncomingConnection;
import io.portproxy.server.exposed.user.Preface;
import io.portproxy.server.exposed.user.WebServices;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An address at which users reach many hosts. It accepts users. {@link TlsTermination} ends their TLS or passes it on, and
 * {@link GatewayDispatch} finds the host that they ask for. On the loop that it was bound with, unless a method says
 * otherwise.
 */
public final class Gateway {
    private static final Logger log = LoggerFactory.getLogger(Gateway.class);

    private final Listener listener;
    private final PendingConnections pending;
    private final TlsResources tlsResources;
    private final Preface web;
    private final Duration headerTimeout;
    private final GatewayRefusals refusals;
    private final GatewayDispatch dispatch;
    private volatile GatewaySettings settings;
    private volatile Optional<TlsTermination> tls;
    private volatile Preface header;

    private Gateway(
            GatewaySettings settings,
            EventLoop loop,
            TlsResources tlsResources,
            Consumer<IncomingConnection> tunnels,
            WebServices web,
            Duration headerTimeout)
            throws ListenException {
        this.settings = settings;
        this.headerTimeout = headerTimeout;
        this.web = Preface.with(web);
        this.refusals = new GatewayRefusals(this::name, loop);
        this.pending = new PendingConnections(
                settings.requests().maxPending(), any -> refusals.crowdedOut().increment());
        this.dispatch = new GatewayDispatch(loop, this::settings, tunnels, pending, refusals);
        this.header = header(settings);
        this.tlsResources = tlsResources;
        this.tls = termination(settings);
        this.listener = Listener.bind(settings.bind(), loop, this::accepted);
    }

    /**
     * Binds the address of a gateway. The gateway accepts users from {@link #start} on. Any thread.
     *
     * @param tls the resources that TLS handshakes share
     * @param tunnels takes connections of remotes that come through the gateway; on the loop
     * @param web the services that all hosts share
     * @param headerTimeout how long a header of the PROXY protocol may take
     * @throws ListenException if the address cannot be bound
     */
    public static Gateway bind(
            GatewaySettings settings,
            EventLoop loop,
            TlsResources tls,
            Consumer<IncomingConnection> tunnels,
            WebServices web,
            Duration headerTimeout)
            throws ListenException {
        return new Gateway(settings, loop, tls, tunnels, web, headerTimeout);
    }

    private Preface header(GatewaySettings wanted) {
        return wanted.address().proxies().isEmpty()
                ? Preface.NONE
                : new HeaderPreface(wanted.address().proxies(), headerTimeout, pending, refusals::badHeader);
    }

    private Optional<TlsTermination> termination(GatewaySettings wanted) {
        return wanted.certificates()
                .map(certificates -> new TlsTermination(
                        certificates,
                        wanted.requests().timeout(),
                        pending,
                        refusals.unknown(),
                        tlsResources,
                        dispatch));
    }

    private GatewaySettings settings() {
        return settings;
    }

    /** Whether these settings are for the same address, so that {@link #change} can apply them. Any thread. */
    public boolean isAt(GatewaySettings wanted) {
        InetSocketAddress bind = wanted.bind();
        return bind.getPort() == 0
                ? bind.equals(settings.bind()) && wanted.name().equals(settings.name())
                : bind.equals(settings.bind()) || bind.equals(address());
    }

    /** Applies other settings to users who connect from now on. Any thread. */
    public void change(GatewaySettings wanted) {
        if (!settings.equals(wanted)) {
            pending.limit(wanted.requests().maxPending());
            tls = termination(wanted);
            header = header(wanted);
            settings = wanted;
        }
    }

    /** Begins to accept users. Any thread. */
    public void start() {
        listener.start();
    }

    /** Accepts no more users, and closes the connections of users who have not yet sent what they want. Any thread. */
    public void close() {
        listener.close();
        listener.loop().executeUnlessEnded(pending::abortAll);
    }

    /** The name that hosts use for it. Any thread. */
    public String name() {
        return settings.name();
    }

    /** The address that users connect to, with the real port. Any thread. */
    public InetSocketAddress address() {
        return listener.address();
    }

    /** Why users cannot connect; empty when they can. Any thread. */
    public Optional<String> trouble() {
        return listener.trouble();
    }

    /** Returns the current state of the gateway. Any thread. */
    public GatewayView view() {
        return new GatewayView(
                settings.name(),
                Sockets.text(address()),
                settings.certificates().isPresent(),
                settings.redirectPort().isPresent(),
                trouble(),
                pending.size(),
                refusals.unknown().sum(),
                refusals.crowdedOut().sum(),
                refusals.byReason());
    }

    /** The port that users see. Any thread. */
    public int publicPort() {
        return settings.address().publicPort().orElseGet(() -> address().getPort());
    }

    /** The name by which remotes reach the tunnel port through TLS; empty if they cannot. Any thread. */
    public Optional<String> tunnel() {
        return settings.tunnel();
    }

    /** Whether users speak https. Any thread. */
    public boolean isTls() {
        return settings.certificates().isPresent();
    }

    /**
     * Returns the URL by which users reach a host here. It is empty if the host stands for many names, if this gateway
     * redirects requests, or if the host's TLS ends at its target and this gateway has no TLS. Any thread.
     */
    public Optional<String> url(HostSettings host) {
        boolean https = isTls();
        if (settings.redirectPort().isPresent() || host.host().wildcard() || (host.isPassthrough() && !https)) {
            return Optional.empty();
        }
        int port = publicPort();
        return Optional.of((https ? "https://" : "http://")
                + host.host().text()
                + (port == (https ? 443 : 80) ? "" : ":" + port)
                + host.path());
    }

    /** Sets the hosts, and who may connect. Any thread. */
    public void lead(HostTable<Forwarding> others, GatewayAccess toThem) {
        dispatch.lead(others, toThem);
    }

    /** The host names here, without wildcards and without hosts whose TLS ends at the target. Any thread. */
    public Set<String> names() {
        HostTable<Forwarding> now = dispatch.hosts();
        return now.names().stream()
                .filter(name -> now.findHost(name)
                        .filter(host -> host.route().http().isEmpty())
                        .isEmpty())
                .collect(Collectors.toUnmodifiableSet());
    }

    private void accepted(SocketChannel channel) {
        try {
            Sockets.endWithReset(channel, true);
            IncomingConnection user = IncomingConnection.accepted(listener.loop(), channel)
                    .seenAt(settings.address().publicPort());
            if (tls.isPresent()) {
                Sockets.prepare(channel);
            }
            web.then(header).read(user, this::known);
        } catch (IOException e) {
            log.debug("{}: a user was gone at once", this, e);
            Sockets.reset(channel);
        }
    }

    /** Takes a connection whose user's address is known. */
    private void known(IncomingConnection user) {
        Optional<TlsTermination> termination = tls;
        GatewayAccess now = dispatch.access();
        if (user.isBanned()) {
            refusals.banned(user);
            user.reset();
        } else if (now.forAllHosts() && !now.admits(user)) {
            refusals.denied(user);
            user.reset();
        } else if (termination.isPresent()) {
            termination.get().read(user);
        } else {
            dispatch.read(user, false);
        }
    }

    @Override
    public String toString() {
        return "gateway " + settings.name();
    }
}
