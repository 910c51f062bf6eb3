package io.portproxy.server;

import io.portproxy.mux.Identities;
import io.portproxy.mux.MemoryCeiling;
import io.portproxy.net.Durations;
import io.portproxy.net.EventLoop;
import io.portproxy.net.EventLoopGroup;
import io.portproxy.net.ListenException;
import io.portproxy.net.LogLimit;
import io.portproxy.net.Sockets;
import io.portproxy.net.Transport;
import io.portproxy.protocol.Dialect;
import io.portproxy.protocol.Opaque;
import io.portproxy.protocol.Open;
import io.portproxy.protocol.ProtocolException;
import io.portproxy.protocol.Reason;
import io.portproxy.protocol.Reject;
import io.portproxy.tunnel.Carrier;
import io.portproxy.tunnel.Tunnel;
import io.portproxy.tunnel.TunnelHandle;
import io.portproxy.tunnel.TunnelOwner;
import io.portproxy.tunnel.TunnelStreams;
import io.portproxy.tunnel.connection.TunnelTerms;
import io.portproxy.tunnel.telemetry.EventSink;
import io.portproxy.tunnel.telemetry.RemoteEvents;
import io.portproxy.tunnel.telemetry.StreamCounts;
import io.portproxy.tunnel.telemetry.TunnelTotals;
import io.portproxy.tunnel.telemetry.TunnelView;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * A remote name as the proxy server knows it: its exposed ports and the tunnels that carry them. The ports, and the list
 * of tunnels, live on one loop, and so does a remote's first tunnel, so that with one tunnel a user's connection never
 * changes threads. Further tunnels have other loops.
 */
final class Remote {
    private static final Logger log = LoggerFactory.getLogger(Remote.class);

    /** On top of the grace, whose end resets what is left: until that has happened, and was told. */
    private static final Duration RESET_TIME = Duration.ofMillis(200);

    /** Tunnels that are logged in ten seconds: a name without tokens is anybody's, as often as they like. */
    private static final int TUNNELS_LOGGED = 100;

    private static final String SHUTTING_DOWN = "this server is shutting down";

    private final RemoteSettings settings;
    private final ServerSettings server;
    private final EventLoopGroup loops;
    private final EventLoop loop;
    private final Identities identities;
    private final MemoryCeiling memory;
    private final SecureRandom random;
    private final TunnelTotals totals = new TunnelTotals();
    private final RemoteEvents events;
    private final LogLimit tunnelLines;
    private final List<ExposedPort> ports = new ArrayList<>();
    private final CompletableFuture<Void> stopped = new CompletableFuture<>();
    private final Members members; // on the loop
    private final Set<Carrier> delivering = new HashSet<>(); // closed, with streams to be delivered; on the loop
    private final Quarrel quarrel; // on the loop
    private boolean stopping; // on the loop
    private boolean up; // on the loop, as it was told last
    private volatile List<RemoteView.Tunnel> published = List.of(); // members that are up, for any thread
    private volatile @Nullable LastRefusal lastRefusal;
    private volatile List<TunnelHandle> publishedDelivering = List.of();

    Remote(
            RemoteSettings settings,
            ServerSettings server,
            EventLoopGroup loops,
            Identities identities,
            MemoryCeiling memory,
            SecureRandom random,
            EventSink events) {
        this.settings = settings;
        this.server = server;
        this.loops = loops;
        this.loop = loops.next();
        this.identities = identities;
        this.memory = memory;
        this.random = random;
        this.events = new RemoteEvents(events, true, settings.name());
        this.tunnelLines = new LogLimit(loop::nanoTime, TUNNELS_LOGGED);
        this.members = new Members(server.onDuplicate());
        this.quarrel = new Quarrel(settings.name());
    }

    String name() {
        return settings.name();
    }

    EventLoop loop() {
        return loop;
    }

    /** What the remote is like now. Any thread. */
    RemoteView view() {
        List<RemoteView.Tunnel> now = published;
        List<TunnelView> tunnels =
                now.stream().map(tunnel -> tunnel.handle().view()).toList();
        List<PortView> views = ports.stream().map(port -> port.view(tunnels)).toList();
        StreamCounts streams =
                StreamCounts.sumOf(views.stream().map(PortView::streams).toList());
        return new RemoteView(settings.name(), now, views, streams, totals.counts(), Optional.ofNullable(lastRefusal));
    }

    /** A greeting with the name was refused. Any thread. */
    void refused(String peerAddress, String why) {
        lastRefusal = new LastRefusal(Instant.now(), peerAddress, why);
    }

    /** The tunnels that have streams, those among them that have ended but still deliver. Any thread. */
    List<TunnelHandle> tunnels() {
        return Stream.concat(published.stream().map(RemoteView.Tunnel::handle), publishedDelivering.stream())
                .toList();
    }

    /** On the loop, after every change. */
    private void publish() {
        published =
                members.all().stream().flatMap(member -> member.view().stream()).toList();
        publishedDelivering = delivering.stream().map(Carrier::handle).toList();
    }

    List<ExposedPort> ports() {
        return ports;
    }

    /** Binds the exposed ports; what was bound before a failure is for {@link #closePorts}. */
    void bind() throws ListenException {
        for (PortSettings port : settings.ports()) {
            ports.add(ExposedPort.bind(port, this));
        }
    }

    void start() {
        ports.forEach(ExposedPort::start);
    }

    void closePorts() {
        ports.forEach(ExposedPort::close);
    }

    /** A remote has said the name, and proved it if it has to. On the loop. */
    void admit(Greeting greeting, Optional<Introduction> introduction) {
        Opaque instance = introduction.map(Introduction::instance).orElseGet(() -> Opaque.id(random));
        int index = introduction.map(Introduction::tunnelIndex).orElse(0);
        Optional<Reject> refusal = stopping
                ? Optional.of(new Reject(Reason.GOING_AWAY, true, SHUTTING_DOWN))
                : members.keepOut(instance, index);
        Member member = new Member(
                instance, index, introduction.isPresent(), loops.behind(loop, index), greeting.peerAddress());
        refusal = refusal.or(() -> waitInQuarrel(member));
        if (refusal.isPresent()) {
            String why = "remote " + settings.name() + ": " + refusal.get().message();
            Optional<Reject> answer = introduction.isPresent() ? refusal : Optional.empty();
            run(greeting.loop(), () -> greeting.reject(answer, why));
            return;
        }
        List<Member> replaced = members.add(member);
        replaced.forEach(old -> replace(old, member));
        publish();
        run(
                greeting.loop(),
                () -> greeting.handOver(
                        member.loop(), (transport, rest) -> startTunnel(member, transport, introduction, rest)));
    }

    /** A newcomer that would take the name from another instance has to wait where these quarrel. */
    private Optional<Reject> waitInQuarrel(Member fresh) {
        Optional<Member> holder = members.rival(fresh);
        if (holder.isEmpty()) {
            return Optional.empty();
        }
        long now = loop.nanoTime();
        Optional<Reject> refusal =
                quarrel.keepOut(fresh.contender(), holder.get().contender(), now);
        if (refusal.isEmpty()) {
            quarrel.taken(fresh.contender(), holder.get().contender(), now).ifPresent(this::warnOfQuarrel);
        }
        return refusal;
    }

    private void warnOfQuarrel(String text) {
        String line = "{}; each keeps it for {} now";
        events.logFields()
                .andReason(Reason.REPLACED.key())
                .log(() -> log.warn(line, text, Durations.text(Quarrel.HOLD)));
    }

    private void replace(Member old, Member fresh) {
        String why = "a newer tunnel from " + fresh.peerAddress() + " took the name over";
        old.tunnel().ifPresent(tunnel -> run(tunnel.loop(), () -> tunnel.dismiss(Reason.REPLACED, why)));
    }

    /** On the tunnel's loop. */
    private void startTunnel(Member member, Transport transport, Optional<Introduction> introduction, ByteBuffer rest) {
        int window = server.tunnel().initialWindow();
        TunnelTerms terms = introduction.isPresent() ? TunnelTerms.extended(true, window) : TunnelTerms.classic(true);
        Tunnel tunnel = new Tunnel(member.loop(), transport, server.tunnel(), terms, memory, new Owner(member));
        introduction.ifPresent(extended -> tunnel.sendGreeting(extended.welcome(
                Opaque.id(random), window, server.tunnel().heartbeatInterval().toMillis())));
        run(loop, () -> {
            if (members.all().contains(member)) {
                member.setTunnel(tunnel);
                publish();
                tunnelUp(tunnel.handle().view());
                if (stopping) {
                    run(tunnel.loop(), () -> tunnel.dismiss(Reason.GOING_AWAY, SHUTTING_DOWN));
                }
            } else {
                run(tunnel.loop(), () -> tunnel.dismiss(Reason.REPLACED, "a newer tunnel took its place"));
            }
        });
        tunnel.start(rest);
    }

    private void tunnelUp(TunnelView tunnel) {
        events.tunnelUp(tunnel);
        if (!up) {
            up = true;
            events.remoteUp(tunnel.address());
        }
        String line = "remote {} is connected from {} ({}, {})";
        events.logFields()
                .log(() -> tunnelLines.log(
                        log, Level.INFO, line, settings.name(), tunnel.address(), tunnel.dialect(), tunnel.security()));
    }

    /** A remote whose tunnel is replaced is not down meanwhile. */
    private void tunnelDown(TunnelView tunnel, boolean wasUp, Reason reason, String detail) {
        if (wasUp) {
            events.tunnelDown(tunnel, reason, detail);
        }
        if (up && members.isEmpty()) {
            up = false;
            events.remoteDown(tunnel.address(), reason);
        }
        String line = "remote {} at {} is disconnected: {}: {}";
        events.logFields()
                .andReason(reason.key())
                .log(() -> tunnelLines.log(
                        log, Level.INFO, line, settings.name(), tunnel.address(), reason.text(), detail));
    }

    /** A user has connected to one of the ports. On the loop. */
    void accepted(SocketChannel user, ExposedPort port) {
        long acceptedAt = loop.turnNanos();
        Optional<Member> member = members.next();
        Optional<Carrier> tunnel = member.flatMap(Member::tunnel);
        if (member.isEmpty() || tunnel.isEmpty()) {
            refuse(user, port, members.isEmpty() ? PortRefusal.REMOTE_AWAY : PortRefusal.LIMIT);
        } else if (tunnel.get().loop() == loop) {
            open(tunnel.get(), user, port, acceptedAt);
        } else {
            hand(member.get(), tunnel.get(), user, port, acceptedAt);
        }
    }

    /** To a tunnel of another loop. */
    private void hand(Member member, Carrier tunnel, SocketChannel user, ExposedPort port, long acceptedAt) {
        member.give();
        boolean taken = tunnel.loop().tryExecute(() -> {
            try {
                open(tunnel, user, port, acceptedAt);
            } finally {
                member.given();
            }
        });
        if (!taken) {
            member.given();
            refuse(user, port, PortRefusal.LIMIT);
        }
    }

    /** On the tunnel's loop. */
    private void open(Carrier tunnel, SocketChannel user, ExposedPort port, long acceptedAt) {
        if (!tunnel.takesMore()) {
            refuse(user, port, PortRefusal.LIMIT);
        } else if (tunnel.dialect() == Dialect.CLASSIC
                && port.settings().targetHost().isPresent()) {
            refuse(user, port, PortRefusal.DIALECT);
        } else {
            try {
                Open open = port.open(identities.next(), user);
                tunnel.open(open, user, port.input(tunnel.loop(), user), port.totals(tunnel.loop()), acceptedAt);
            } catch (IOException e) {
                events.logFields().andPort(port.bound()).log(() -> log.debug("{}: a user was gone at once", port, e));
                Sockets.reset(user);
            } catch (Throwable e) {
                Sockets.reset(user); // unforeseen; nobody else knows of the user yet
                throw e;
            }
        }
    }

    private void refuse(SocketChannel user, ExposedPort port, PortRefusal why) {
        String address = Sockets.remote(user);
        Sockets.reset(user);
        port.countRefused(why);
        events.userRefused(port.bound(), address, port.target(), why.key());
        String line = "{}: user {} refused: remote {} {}";
        events.logFields()
                .andPort(port.bound())
                .andReason(why.key())
                .log(() -> port.refusals().log(log, Level.INFO, line, port, address, settings.name(), why.text()));
    }

    /** Stops listening, then lets the streams end. Any thread. */
    CompletableFuture<Void> stop(Duration grace) {
        closePorts();
        boolean running = loop.executeUnlessEnded(() -> {
            stopping = true;
            loop.timers().after(grace.plus(RESET_TIME).toNanos(), () -> stopped.complete(null));
            completeIfStopped();
            members.all()
                    .forEach(member ->
                            member.tunnel().ifPresent(tunnel -> run(tunnel.loop(), () -> tunnel.drain(grace))));
        });
        if (!running) {
            stopped.complete(null);
        }
        return stopped;
    }

    private void completeIfStopped() {
        if (stopping && members.isEmpty() && delivering.isEmpty()) {
            stopped.complete(null);
        }
    }

    /** Runs a task on a loop: at once if that is the caller's. */
    private static void run(EventLoop target, Runnable task) {
        if (target.inLoop()) {
            task.run();
        } else {
            target.executeUnlessEnded(task);
        }
    }

    /** Hears of one tunnel, on that tunnel's loop. */
    private final class Owner implements TunnelOwner {
        private final Member member;

        Owner(Member member) {
            this.member = member;
        }

        @Override
        public void open(TunnelStreams streams, Open open) throws ProtocolException {
            throw new ProtocolException("opening a stream, which is the proxy server's to do");
        }

        @Override
        public TunnelTotals totals() {
            return totals;
        }

        @Override
        public RemoteEvents events() {
            return events;
        }

        @Override
        public void streamsOver(Carrier ended) {
            run(loop, () -> {
                delivering.remove(ended);
                publish();
                completeIfStopped();
            });
        }

        @Override
        public void closed(Carrier ended, Reason reason, String detail) {
            run(loop, () -> {
                members.remove(member);
                tunnelDown(ended.handle().view(), member.tunnel().isPresent(), reason, detail);
                if (ended.load() > 0) {
                    delivering.add(ended);
                }
                publish();
                completeIfStopped();
            });
        }
    }
}
