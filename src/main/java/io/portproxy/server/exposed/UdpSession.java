package io.portproxy.server.exposed;

import io.portproxy.net.EventLoop;
import io.portproxy.net.Sockets;
import io.portproxy.protocol.Reason;
import io.portproxy.server.limits.RouteLimits;
import io.portproxy.tunnel.stream.DatagramDrop;
import io.portproxy.tunnel.stream.DatagramFlow;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The datagrams between one user and one target. A user is an address and a port that datagrams come from. What the
 * user sends is read on the port's loop. What is sent to the user comes on the tunnel's loop, which may be another one.
 */
public final class UdpSession implements DatagramFlow.Outlet {
    /** The most datagrams of a user that wait while its session opens. */
    private static final int MOST_WAITING = 16;

    private static final int MOST_BYTES_WAITING = 64 * 1024;

    /** The most datagrams on their way to another loop. */
    private static final int MOST_CROSSING = 64;

    /** The socket, which a session shares with the other sessions of the port. */
    interface Owner {
        /** The port's loop. Any thread. */
        EventLoop loop();

        /** The address that users send to. Any thread. */
        InetSocketAddress address();

        /**
         * Sends a datagram to a user. Any thread.
         *
         * @return why it could not be sent; null if it was sent
         */
        @Nullable
        DatagramDrop send(ByteBuffer data, InetSocketAddress user);

        /** The user has sent something after an answer. On the loop. */
        void exchanged(UdpSession session);

        /** The session has ended. It may be called more than once. On the loop. */
        void forget(UdpSession session);
    }

    private final Owner owner;
    private final InetSocketAddress user;
    private final long begunAt;
    private volatile Route route; // changes on the port's loop
    private final ArrayDeque<ByteBuffer> waiting = new ArrayDeque<>(1); // on the port's loop
    private int bytesWaiting;
    private int exchanges; // on the port's loop
    private boolean ended; // on the port's loop
    private final AtomicInteger crossing = new AtomicInteger();
    private final AtomicLong activeAt; // written by both loops
    private final AtomicLong bytesIn = new AtomicLong(); // written by the port's loop
    private long bytesOut; // on the tunnel's loop
    private volatile boolean answered; // since the user last sent something
    private volatile RouteLimits.@Nullable Ticket ticket; // set when the user is admitted
    private volatile @Nullable DatagramFlow flow; // set when the session is open

    UdpSession(Owner owner, InetSocketAddress user, Route route, long begunAt) {
        this.owner = owner;
        this.user = user;
        this.route = route;
        this.begunAt = begunAt;
        this.activeAt = new AtomicLong(begunAt);
    }

    /** The port's loop. Any thread. */
    public EventLoop loop() {
        return owner.loop();
    }

    /** The user's address. Any thread. */
    public InetSocketAddress user() {
        return user;
    }

    /** The user's address, as text for people. Any thread. */
    public String userText() {
        return Sockets.text(user);
    }

    /** The address that the user sends to. Any thread. */
    public InetSocketAddress exposed() {
        return owner.address();
    }

    /** When the first datagram came, on the clock of the loops. Any thread. */
    public long begunAt() {
        return begunAt;
    }

    /** The current route. Any thread. */
    Route route() {
        return route;
    }

    /** Continues with another route that leads to the same target. On the port's loop. */
    void follow(Route other) {
        route = other;
    }

    /** When the last datagram was carried, on the clock of the loops. Any thread. */
    long activeAt() {
        return activeAt.getOpaque();
    }

    /** How often the user has recently sent something after an answer, see {@link UdpRanks}. On the port's loop. */
    int exchanges() {
        return exchanges;
    }

    /** Sets this number, for {@link UdpRanks}. On the port's loop. */
    void exchanges(int now) {
        exchanges = now;
    }

    /** Sets the ticket of the admitted user. On the port's loop. */
    public void admitted(RouteLimits.Ticket given) {
        ticket = given;
    }

    /** Connects the session to the tunnel that carries it. On the tunnel's loop. */
    public void opened(DatagramFlow fresh) {
        flow = fresh;
        if (loop().inLoop()) {
            sendWaiting();
        } else if (!loop().executeUnlessEnded(this::sendWaiting)) {
            fresh.end(Reason.GOING_AWAY);
        }
    }

    /** Ends the session, because no tunnel can carry it. Any thread. */
    public void refused() {
        leave();
    }

    private void dropWaiting() {
        for (int n = waiting.size(); n > 0; n--) {
            route.datagrams().addDropped(DatagramDrop.REFUSED);
        }
        waiting.clear();
    }

    private void sendWaiting() {
        DatagramFlow current = flow;
        if (ended && current != null) {
            end(Reason.GOING_AWAY); // the port was closed meanwhile
            return;
        }
        for (ByteBuffer data = waiting.poll(); data != null; data = waiting.poll()) {
            send(data);
        }
    }

    /** Handles a datagram from the user. On the port's loop. */
    void came(ByteBuffer data, long now) {
        activeAt.setOpaque(now);
        bytesIn.setOpaque(bytesIn.getOpaque() + data.remaining());
        if (answered) {
            answered = false;
            owner.exchanged(this);
        }
        RouteLimits.Ticket its = ticket;
        if (its != null && !its.takeIn(data.remaining(), now)) {
            route.datagrams().addDropped(DatagramDrop.BANDWIDTH);
            return;
        }
        if (flow == null || !waiting.isEmpty()) { // no datagram overtakes those that wait
            hold(data);
        } else {
            send(data);
        }
    }

    private void hold(ByteBuffer data) {
        int length = data.remaining();
        if (waiting.size() >= MOST_WAITING || bytesWaiting + length > MOST_BYTES_WAITING) {
            route.datagrams().addDropped(DatagramDrop.OPENING);
            return;
        }
        bytesWaiting += length;
        waiting.add(ByteBuffer.allocate(length).put(data).flip());
    }

    private void send(ByteBuffer data) {
        DatagramFlow current = flow;
        if (current == null) {
            throw new IllegalStateException("no tunnel yet");
        }
        if (current.loop().inLoop()) {
            current.send(data);
            return;
        }
        if (crossing.get() >= MOST_CROSSING) {
            route.datagrams().addDropped(DatagramDrop.SESSION_FULL);
            return;
        }
        ByteBuffer copy = ByteBuffer.allocate(data.remaining()).put(data).flip();
        crossing.incrementAndGet();
        boolean taken = current.loop().tryExecute(() -> {
            crossing.decrementAndGet();
            current.send(copy);
        });
        if (!taken) {
            crossing.decrementAndGet();
            route.datagrams().addDropped(DatagramDrop.TUNNEL_FULL);
        }
    }

    /** Ends the session on both sides. On the port's loop. */
    void end(Reason reason) {
        ended = true;
        dropWaiting();
        DatagramFlow current = flow;
        if (current == null) {
            return; // opened() ends it later
        }
        if (current.loop().inLoop()) {
            current.end(reason);
        } else {
            current.loop().executeUnlessEnded(() -> current.end(reason));
        }
    }

    /** On the tunnel's loop. */
    @Override
    public @Nullable DatagramDrop write(ByteBuffer data) {
        int length = data.remaining();
        int limit = route.settings().udpOrDefault().replyLimit();
        if (limit > 0 && bytesOut + length > limit * bytesIn.getOpaque()) {
            return DatagramDrop.REPLY_LIMIT;
        }
        DatagramFlow carried = flow;
        RouteLimits.Ticket its = ticket;
        if (its != null && !its.takeOut(length, (carried == null ? loop() : carried.loop()).turnNanos())) {
            return DatagramDrop.BANDWIDTH;
        }
        DatagramDrop why = owner.send(data, user);
        if (why == null) {
            bytesOut += length;
            if (!answered) {
                answered = true;
            }
            DatagramFlow current = flow;
            activeAt.setOpaque((current == null ? loop() : current.loop()).turnNanos());
        }
        return why;
    }

    /** On the tunnel's loop. */
    @Override
    public void closed(Reason reason) {
        leave();
    }

    private void leave() {
        if (loop().inLoop()) {
            gone();
        } else {
            loop().executeUnlessEnded(this::gone);
        }
    }

    private void gone() {
        ended = true;
        dropWaiting();
        RouteLimits.Ticket its = ticket;
        if (its != null) {
            its.ended();
        }
        owner.forget(this);
    }

    @Override
    public String toString() {
        return "session of " + userText() + " at " + Sockets.text(exposed());
    }
}
