package io.portproxy.server.exposed;

import io.portproxy.http.HostTable;
import io.portproxy.net.EventLoop;
import io.portproxy.net.ListenException;
import io.portproxy.net.Listener;
import io.portproxy.net.PendingConnections;
import io.portproxy.net.Sockets;
import io.portproxy.net.tls.TlsResources;
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
 * An address at which many hosts are reached: takes users, has their TLS ended or passed on ({@link TlsEntry}), and has the host found that
 * they ask for ({@link GatewayDispatch}). On the loop that it was bound with, where nothing else is said.
 */
public final class Gateway {
    private static final Logger log = LoggerFactory.getLogger(Gateway.class);

    private final Listener listener;
    private final PendingConnections pending;
    private final TlsResources tlsResources;
    private final WebServices web;
    private final Duration headerTimeout;
    private final GatewayRefusals refusals;
    private final GatewayDispatch dispatch;
    private volatile GatewaySettings settings;
    private volatile Optional<TlsEntry> tls;
    private volatile Preface header;

    private Gateway(
            GatewaySettings settings,
            EventLoop loop,
            TlsResources tlsResources,
            Consumer<UserConnection> tunnels,
            WebServices web,
            Duration headerTimeout)
            throws ListenException {
        this.settings = settings;
        this.headerTimeout = headerTimeout;
        this.web = web;
        this.refusals = new GatewayRefusals(this::name, web.bans(), loop);
        this.pending = new PendingConnections(
                settings.maxPending(), any -> refusals.crowdedOut().increment());
        this.dispatch = new GatewayDispatch(loop, this::settings, tunnels, pending, refusals);
        this.header = header(settings);
        this.tlsResources = tlsResources;
        this.tls = tlsEntry(settings);
        this.listener = Listener.bind(settings.bind(), loop, this::accepted);
    }

    /**
     * Binds its address; users are taken from {@link #start} on. Any thread.
     *
     * @param tls what TLS handshakes share
     * @param tunnels takes remotes that come by the gateway, on the loop
     * @param web what all hosts share
     * @param headerTimeout how long a header of the PROXY protocol may take
     */
    public static Gateway bind(
            GatewaySettings settings,
            EventLoop loop,
            TlsResources tls,
            Consumer<UserConnection> tunnels,
            WebServices web,
            Duration headerTimeout)
            throws ListenException {
        return new Gateway(settings, loop, tls, tunnels, web, headerTimeout);
    }

    private Preface header(GatewaySettings wanted) {
        return wanted.proxies().isEmpty()
                ? Preface.NONE
                : new HeaderPreface(wanted.proxies(), headerTimeout, pending, refusals::badHeader);
    }

    private Optional<TlsEntry> tlsEntry(GatewaySettings wanted) {
        return wanted.certificates()
                .map(certificates -> new TlsEntry(
                        certificates, wanted.requestTimeout(), pending, refusals.unknown(), tlsResources, dispatch));
    }

    private GatewaySettings settings() {
        return settings;
    }

    /** Whether it would be at the same address with these settings: then it can be {@linkplain #change changed}. Any thread. */
    public boolean isAt(GatewaySettings wanted) {
        InetSocketAddress bind = wanted.bind();
        return bind.getPort() == 0
                ? bind.equals(settings.bind()) && wanted.name().equals(settings.name())
                : bind.equals(settings.bind()) || bind.equals(address());
    }

    /** From now on, users who connect get what these settings say. Any thread. */
    public void change(GatewaySettings wanted) {
        if (!settings.equals(wanted)) {
            pending.limit(wanted.maxPending());
            tls = tlsEntry(wanted);
            header = header(wanted);
            settings = wanted;
        }
    }

    /** Takes users. Any thread. */
    public void start() {
        listener.start();
    }

    /** Takes no more users, and ends those who have asked for nothing yet. Any thread. */
    public void close() {
        listener.close();
        listener.loop().executeUnlessEnded(pending::abortAll);
    }

    /** What hosts call it. Any thread. */
    public String name() {
        return settings.name();
    }

    /** The address with the port that it really has. Any thread. */
    public InetSocketAddress address() {
        return listener.address();
    }

    /** Why users cannot connect; empty when they can. Any thread. */
    public Optional<String> trouble() {
        return listener.trouble();
    }

    /** What it is like now. Any thread. */
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
        return settings.publicPort().orElseGet(() -> address().getPort());
    }

    /** The name by which remotes ask in TLS for the tunnel port; empty if they cannot here. Any thread. */
    public Optional<String> tunnel() {
        return settings.tunnel();
    }

    /** Whether users speak https. Any thread. */
    public boolean isTls() {
        return settings.certificates().isPresent();
    }

    /** What users write to reach a host that means one name; empty where it is not reached so, or redirected. Any thread. */
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

    /** From now on its hosts are these, and others may connect. Any thread. */
    public void lead(HostTable<GatewayWay> others, GatewayDoor toThem) {
        dispatch.lead(others, toThem);
    }

    /** The names that hosts have here, without wildcards and those whose TLS ends at the target. Any thread. */
    public Set<String> names() {
        HostTable<GatewayWay> now = dispatch.hosts();
        return now.names().stream()
                .filter(name ->
                        now.findHost(name).filter(GatewayWay::isPassthrough).isEmpty())
                .collect(Collectors.toUnmodifiableSet());
    }

    private void accepted(SocketChannel channel) {
        try {
            Sockets.endWithReset(channel, true);
            UserConnection user = UserConnection.accepted(listener.loop(), channel)
                    .seenAt(settings.publicPort())
                    .with(web);
            if (tls.isPresent()) {
                Sockets.prepare(channel);
            }
            header.read(user, this::known);
        } catch (IOException e) {
            log.debug("{}: a user was gone at once", this, e);
            Sockets.reset(channel);
        }
    }

    /** It is known where the user is. */
    private void known(UserConnection user) {
        Optional<TlsEntry> entry = tls;
        GatewayDoor now = dispatch.door();
        if (web.bans().isBanned(user.user().getAddress())) {
            refusals.banned(user);
            user.reset();
        } else if (now.forAllHosts() && !now.admits(user)) {
            refusals.denied(user);
            user.reset();
        } else if (entry.isPresent()) {
            entry.get().enter(user);
        } else {
            dispatch.read(user, false);
        }
    }

    @Override
    public String toString() {
        return "gateway " + settings.name();
    }
}
