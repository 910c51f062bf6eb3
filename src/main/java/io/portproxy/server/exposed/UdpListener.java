package io.portproxy.server.exposed;

import io.portproxy.net.Binding;
import io.portproxy.net.BoundSocket;
import io.portproxy.net.EventLoop;
import io.portproxy.net.ListenException;
import io.portproxy.net.Networks;
import io.portproxy.net.ReadyHandler;
import io.portproxy.net.Sockets;
import io.portproxy.net.Timers;
import io.portproxy.protocol.Reason;
import io.portproxy.protocol.Wire;
import io.portproxy.tunnel.stream.DatagramDrop;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The socket of an exposed port of type udp, and the sessions of its users. A sender's address can be forged, so there
 * are limits: of all sessions, of one user's, and of one network's. When the limit of all sessions is reached,
 * {@link UdpRanks} says which session gives way to a new one. When another limit is reached, the new session is
 * refused. On its loop, unless a method says otherwise.
 */
final class UdpListener implements BoundSocket, ReadyHandler, UdpSession.Owner {
    private static final Logger log = LoggerFactory.getLogger(UdpListener.class);

    /** The most reads in one turn of the loop, so that a flood of datagrams does not stop other work. */
    private static final int READS_A_TURN = 64;

    /** The requested size of the socket's buffers in bytes; the operating system may give less. */
    private static final int SOCKET_BUFFER = 1024 * 1024;

    /** A network (24 bits of IPv4 or 48 bits of IPv6) may have this many times the sessions of one user. */
    private static final int USERS_A_NETWORK = 4;

    private static final int IPV4_BYTES = 4;

    private static final long SHORTEST_SWEEP = TimeUnit.MILLISECONDS.toNanos(20);
    private static final long LONGEST_SWEEP = TimeUnit.SECONDS.toNanos(5);
    private static final long TROUBLE_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final DatagramChannel channel;
    private final InetSocketAddress address;
    private final EventLoop loop;
    private final Supplier<Route> route;
    private final BiConsumer<UdpSession, Route> opener;
    private final Map<InetSocketAddress, UdpSession> sessions = new HashMap<>();
    private final UdpRanks ranks;
    private final Map<String, Integer> perNetwork = new HashMap<>();
    private Timers.@Nullable Timer sweep; // null while there are no sessions
    private long failedAt; // published by the write to failure
    private volatile @Nullable String failure;

    private UdpListener(
            DatagramChannel channel,
            InetSocketAddress address,
            EventLoop loop,
            Supplier<Route> route,
            BiConsumer<UdpSession, Route> opener) {
        this.channel = channel;
        this.address = address;
        this.loop = loop;
        this.route = route;
        this.opener = opener;
        this.ranks = new UdpRanks(loop.nanoTime());
    }

    /**
     * Binds a socket; nothing is read before {@link #start}. Any thread.
     *
     * @param address the address; port 0 for any free port
     * @param loop the loop whose thread will own the socket
     * @param route returns the current route
     * @param opener gives a new session to a tunnel, or refuses it; on the loop
     * @throws ListenException the address is in use, not of this machine, or not permitted
     */
    static UdpListener bind(
            InetSocketAddress address, EventLoop loop, Supplier<Route> route, BiConsumer<UdpSession, Route> opener)
            throws ListenException {
        return Binding.bind(address, UdpListener::open, channel -> {
            channel.configureBlocking(false);
            channel.setOption(StandardSocketOptions.SO_RCVBUF, SOCKET_BUFFER);
            channel.setOption(StandardSocketOptions.SO_SNDBUF, SOCKET_BUFFER);
            channel.bind(address);
            return new UdpListener(channel, (InetSocketAddress) channel.getLocalAddress(), loop, route, opener);
        });
    }

    private static DatagramChannel open(Optional<ProtocolFamily> family) throws IOException {
        return family.isPresent() ? DatagramChannel.open(family.get()) : DatagramChannel.open();
    }

    @Override
    public InetSocketAddress address() {
        return address;
    }

    @Override
    public EventLoop loop() {
        return loop;
    }

    @Override
    public boolean isOpen() {
        return channel.isOpen();
    }

    @Override
    public Optional<String> trouble() {
        if (!channel.isOpen()) {
            return Optional.of("closed");
        }
        return Optional.ofNullable(failure).filter(last -> loop.nanoTime() - failedAt < TROUBLE_NANOS);
    }

    @Override
    public void start() {
        loop.execute(() -> {
            if (channel.isOpen()) {
                try {
                    loop.register(channel, SelectionKey.OP_READ, this);
                } catch (ClosedChannelException e) {
                    log.debug("{} was closed before it could be read", Sockets.text(address), e);
                }
            }
        });
    }

    /** Closes the socket. Its sessions end, because they have no other socket. */
    @Override
    public void close() {
        Sockets.close(channel);
        loop.executeUnlessEnded(() -> endAll(Reason.GOING_AWAY));
    }

    private void endAll(Reason reason) {
        List.copyOf(sessions.values()).forEach(session -> session.end(reason));
    }

    @Override
    public void abort() {
        Sockets.close(channel);
        endAll(Reason.GOING_AWAY);
    }

    @Override
    public void ready(int readyOps) {
        try {
            for (int n = READS_A_TURN; n > 0; n--) {
                ByteBuffer data = loop.readBuffer().limit(Wire.MAX_DATAGRAM + 1);
                InetSocketAddress user = (InetSocketAddress) channel.receive(data);
                if (user == null) {
                    return;
                }
                came(user, data.flip());
            }
        } catch (IOException e) {
            if (channel.isOpen()) {
                failedAt = loop.nanoTime();
                failure = String.valueOf(e.getMessage());
                log.debug("{} could not be read", Sockets.text(address), e);
            }
        } catch (Throwable e) {
            loop.failed(this, e); // only this datagram is lost; the port stays open
        }
    }

    private void came(InetSocketAddress user, ByteBuffer data) {
        Route now = route.get();
        UdpSession session = sessions.get(user);
        if (session != null && !mayGoOn(session, now)) {
            session.end(Reason.ENDED); // the port leads to another target now
            forget(session);
            session = null;
        }
        long time = loop.turnNanos();
        if (session == null) {
            if (!now.admits(user.getAddress())) {
                now.refusals().denied(user);
                now.datagrams().addDropped(DatagramDrop.ACCESS);
                return;
            }
            session = begin(user, now, time);
            if (session == null) {
                now.datagrams().addDropped(DatagramDrop.TOO_MANY_SESSIONS);
                return;
            }
            session.came(data, time);
            opener.accept(session, now);
        } else {
            session.came(data, time);
        }
    }

    /**
     * Whether a session may continue on the current route: the route leads to the same target. From then on the session
     * has the limits of that route.
     */
    private static boolean mayGoOn(UdpSession session, Route now) {
        if (session.route() == now) {
            return true;
        } else if (!now.settings().enabled() || !now.leadsAs(session.route())) {
            return false;
        }
        session.follow(now);
        return true;
    }

    private @Nullable UdpSession begin(InetSocketAddress user, Route now, long time) {
        UdpSettings limits = now.settings().udpOrDefault();
        if (count(holder(user)) >= limits.maxSessionsPerUser()
                || count(network(user)) >= limits.maxSessionsPerUser() * USERS_A_NETWORK
                || (sessions.size() >= limits.maxSessions() && !makeRoom(now, time))) {
            return null;
        }
        UdpSession fresh = new UdpSession(this, user, now, time);
        sessions.put(user, fresh);
        ranks.add(fresh);
        perNetwork.merge(holder(user), 1, Integer::sum);
        perNetwork.merge(network(user), 1, Integer::sum);
        if (sweep == null) {
            sweepLater(now);
        }
        return fresh;
    }

    private boolean makeRoom(Route now, long time) {
        UdpSession session =
                ranks.leastProven(time, now.settings().udpOrDefault().maxSessions());
        if (session == null) {
            return false;
        }
        session.route().datagrams().addReplacedSession();
        session.end(Reason.LIMIT);
        forget(session);
        return true;
    }

    private int count(String network) {
        return perNetwork.getOrDefault(network, 0);
    }

    private static String holder(InetSocketAddress user) {
        return Networks.of(user.getAddress());
    }

    /** The first 24 bits of IPv4, or 48 bits of IPv6: one organisation or household has at most such a network. */
    private static String network(InetSocketAddress user) {
        byte[] address = user.getAddress().getAddress();
        return "/" + HexFormat.of().formatHex(address, 0, address.length == IPV4_BYTES ? 3 : 6);
    }

    @Override
    public void exchanged(UdpSession session) {
        ranks.exchanged(session);
    }

    @Override
    public void forget(UdpSession session) {
        if (sessions.remove(session.user(), session)) {
            ranks.remove(session);
            oneLess(holder(session.user()));
            oneLess(network(session.user()));
        }
    }

    private void oneLess(String network) {
        perNetwork.computeIfPresent(network, (key, count) -> count == 1 ? null : count - 1);
    }

    /** The idle timeout of the port, or that of a level of limits, if it is shorter. */
    private static long idleNanos(Route of) {
        long own = of.settings().udpOrDefault().idleTimeout().toNanos();
        long limit = of.limits().idleNanos();
        return limit == 0 ? own : Math.min(own, limit);
    }

    private void sweepLater(Route of) {
        long duration = of.limits().durationNanos();
        long shortest = duration == 0 ? idleNanos(of) : Math.min(duration, idleNanos(of));
        long wait = Math.max(SHORTEST_SWEEP, Math.min(LONGEST_SWEEP, shortest / 4));
        sweep = loop.timers().afterAwake(wait, this::endIdle, this::endIdle);
    }

    private void endIdle() {
        sweep = null;
        long now = loop.nanoTime();
        ranks.age(now);
        Route leads = route.get();
        for (UdpSession session : List.copyOf(sessions.values())) {
            mayGoOn(session, leads);
            long duration = session.route().limits().durationNanos();
            if (now - session.activeAt() >= idleNanos(session.route())) {
                session.end(Reason.IDLE_TIMEOUT);
                forget(session);
            } else if (duration > 0 && now - session.begunAt() >= duration) {
                session.end(Reason.LIMIT);
                forget(session);
            }
        }
        if (!sessions.isEmpty()) {
            sweepLater(leads);
        }
    }

    @Override
    public @Nullable DatagramDrop send(ByteBuffer data, InetSocketAddress user) {
        boolean empty = !data.hasRemaining();
        try {
            return channel.send(data, user) > 0 || empty ? null : DatagramDrop.SOCKET_FULL;
        } catch (IOException e) {
            return DatagramDrop.NOT_SENT;
        }
    }

    @Override
    public String toString() {
        return "socket " + Sockets.text(address);
    }
}
