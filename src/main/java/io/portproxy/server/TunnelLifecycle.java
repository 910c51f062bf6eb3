package io.portproxy.server;

import io.portproxy.mux.MemoryCeiling;
import io.portproxy.net.EventLoop;
import io.portproxy.net.EventLoopGroup;
import io.portproxy.net.Transport;
import io.portproxy.protocol.Expose;
import io.portproxy.protocol.ExposeInstruction;
import io.portproxy.protocol.Opaque;
import io.portproxy.protocol.Reason;
import io.portproxy.protocol.Reject;
import io.portproxy.protocol.Wire;
import io.portproxy.tunnel.Carrier;
import io.portproxy.tunnel.Tunnel;
import io.portproxy.tunnel.TunnelHandle;
import io.portproxy.tunnel.connection.TunnelTerms;
import io.portproxy.tunnel.telemetry.RemoteEvents;
import io.portproxy.tunnel.telemetry.TunnelCounts;
import io.portproxy.tunnel.telemetry.TunnelTotals;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * The tunnels of a remote, from their greetings to their ends: starts those that {@link TunnelAdmission} lets in, hears of them, and
 * dismisses them. The list of tunnels lives on the remote's loop, and so does the first tunnel; further tunnels have other loops.
 */
final class TunnelLifecycle {
    /** On top of the grace, whose end resets what is left: until that has happened, and was told. */
    private static final Duration RESET_TIME = Duration.ofMillis(200);

    private static final String SHUTTING_DOWN = "this server is shutting down";
    private static final String REMOVED = "the remote name is not configured any more";

    /** Hears what a remote asks for in its tunnels, and that the last of them has gone. */
    interface Owner {
        /**
         * A port is asked for. On the tunnel's loop.
         *
         * @param answer gets the answer, on any thread
         */
        void ask(Asker asker, Expose wish, Consumer<ExposeInstruction> answer);

        /** A tunnel in which ports were asked for has ended. On the tunnel's loop. */
        void ended(RemoteTunnel tunnel);

        /** No tunnel is there any more, and none has streams to be delivered. Any thread. */
        void idle();
    }

    private final String name;
    private final ServerSettings server;
    private final EventLoopGroup loops;
    private final EventLoop loop;
    private final MemoryCeiling memory;
    private final SecureRandom random;
    private final RemoteEvents events;
    private final RemoteTunnels tunnels; // on the loop
    private final TunnelAdmission admission;
    private final UserDispatch users;
    private final Owner owner;
    private final TunnelNews news;
    private final TunnelTotals totals = new TunnelTotals();
    private final CompletableFuture<Void> stopped = new CompletableFuture<>();
    private final Set<Carrier> delivering = new HashSet<>(); // closed, with streams to be delivered; on the loop
    private final AtomicInteger coming = new AtomicInteger(); // tunnels on their way to the loop
    private volatile boolean held; // there are tunnels, or streams to be delivered
    private volatile List<RemoteView.Tunnel> published = List.of(); // tunnels that are up, for any thread
    private volatile List<TunnelHandle> publishedDelivering = List.of();

    /**
     * @param loop the remote's
     * @param tunnels the list of its tunnels, still empty
     * @param admission says which tunnels it may have
     * @param users who use the tunnels
     */
    TunnelLifecycle(
            String name,
            ServerSettings server,
            EventLoopGroup loops,
            EventLoop loop,
            MemoryCeiling memory,
            SecureRandom random,
            RemoteEvents events,
            RemoteTunnels tunnels,
            TunnelAdmission admission,
            UserDispatch users,
            Owner owner) {
        this.name = name;
        this.server = server;
        this.loops = loops;
        this.loop = loop;
        this.memory = memory;
        this.random = random;
        this.events = events;
        this.tunnels = tunnels;
        this.admission = admission;
        this.users = users;
        this.owner = owner;
        this.news = new TunnelNews(name, events, loop);
    }

    /** The tunnels that are up. Any thread. */
    List<RemoteView.Tunnel> up() {
        return published;
    }

    /** The tunnels that have streams, those among them that have ended but still deliver. Any thread. */
    List<TunnelHandle> handles() {
        return Stream.concat(published.stream().map(RemoteView.Tunnel::handle), publishedDelivering.stream())
                .toList();
    }

    /** What all its tunnels have come to. Any thread. */
    TunnelCounts counts() {
        return totals.counts();
    }

    /** Whether no tunnel is there or on its way. Any thread. */
    boolean isIdle() {
        return coming.get() == 0 && !held;
    }

    /** On the loop, after every change. */
    private void publish() {
        published =
                tunnels.all().stream().flatMap(tunnel -> tunnel.view().stream()).toList();
        publishedDelivering = delivering.stream().map(Carrier::handle).toList();
        held = !tunnels.isEmpty() || !delivering.isEmpty();
        tellIfIdle();
    }

    private void tellIfIdle() {
        if (!held) {
            owner.idle();
        }
    }

    /** A remote has said the name, and proved it if it has to. Any thread; {@code false}: the loop is too busy. */
    boolean tryAdmit(Greeting greeting, Optional<AuthenticatedHello> hello) {
        coming.incrementAndGet();
        boolean taken = loop.tryExecute(() -> {
            try {
                admit(greeting, hello);
            } finally {
                arrived();
            }
        });
        if (!taken) {
            arrived();
        }
        return taken;
    }

    /** One that was on its way is there, or was refused. */
    private void arrived() {
        coming.decrementAndGet();
        tellIfIdle();
    }

    /** On the loop. */
    private void admit(Greeting greeting, Optional<AuthenticatedHello> hello) {
        Opaque instance = hello.map(AuthenticatedHello::instance).orElseGet(() -> Opaque.id(random));
        int index = hello.map(AuthenticatedHello::tunnelIndex).orElse(0);
        RemoteTunnel fresh = new RemoteTunnel(
                instance,
                index,
                hello.isPresent(),
                loops.behind(loop, index),
                greeting.peerAddress(),
                hello.map(AuthenticatedHello::token));
        Optional<Reject> refusal = admission.refusal(fresh);
        if (refusal.isPresent()) {
            String why = "remote " + name + ": " + refusal.get().message();
            Optional<Reject> answer = hello.isPresent() ? refusal : Optional.empty();
            run(greeting.loop(), () -> greeting.reject(answer, why));
            return;
        }
        List<RemoteTunnel> replaced = tunnels.add(fresh);
        replaced.forEach(old ->
                dismiss(old, Reason.REPLACED, "a newer tunnel from " + fresh.peerAddress() + " took the name over"));
        publish();
        run(
                greeting.loop(),
                () -> greeting.handOver(fresh.loop(), (transport, rest) -> startTunnel(fresh, transport, hello, rest)));
    }

    /** On the tunnel's loop. */
    private void startTunnel(
            RemoteTunnel fresh, Transport transport, Optional<AuthenticatedHello> hello, ByteBuffer rest) {
        int window = server.tunnel().limits().initialWindow();
        boolean exposes = hello.map(said -> said.has(Wire.FEATURE_EXPOSE)).orElse(false);
        boolean datagrams = hello.map(said -> said.has(Wire.FEATURE_DATAGRAMS)).orElse(false);
        boolean firstBytes =
                hello.map(said -> said.has(Wire.FEATURE_FIRST_BYTES)).orElse(false);
        TunnelTerms terms = hello.isPresent()
                ? TunnelTerms.extended(true, window)
                        .withExposes(exposes)
                        .withDatagrams(datagrams)
                        .withFirstBytes(firstBytes)
                : TunnelTerms.classic(true);
        RemoteTunnelOwner tunnelOwner = new RemoteTunnelOwner(fresh, totals, events, new Outcome());
        Tunnel tunnel =
                new Tunnel(fresh.loop(), transport, fresh.peerAddress(), server.tunnel(), terms, memory, tunnelOwner);
        tunnelOwner.owns(tunnel);
        hello.ifPresent(extended -> tunnel.sendGreeting(extended.welcome(
                Opaque.id(random),
                (exposes ? Wire.FEATURE_EXPOSE : 0)
                        | (datagrams ? Wire.FEATURE_DATAGRAMS : 0)
                        | (firstBytes ? Wire.FEATURE_FIRST_BYTES : 0),
                window,
                server.tunnel().heartbeatInterval().toMillis())));
        run(loop, () -> started(fresh, tunnel));
        tunnel.start(rest);
    }

    /** It may have been replaced or denied meanwhile. */
    private void started(RemoteTunnel fresh, Tunnel tunnel) {
        if (tunnels.all().contains(fresh)) {
            fresh.setCarrier(tunnel);
            publish();
            news.tunnelUp(tunnel.handle().view());
            if (!dismissIfDenied(fresh)) {
                users.back();
            }
        } else {
            run(tunnel.loop(), () -> tunnel.dismiss(Reason.REPLACED, "a newer tunnel took its place"));
        }
    }

    private void dismiss(RemoteTunnel tunnel, Reason reason, String why) {
        tunnel.carrier().ifPresent(carrier -> run(carrier.loop(), () -> carrier.dismiss(reason, why)));
    }

    /** Returns whether it is. */
    private boolean dismissIfDenied(RemoteTunnel tunnel) {
        Optional<Reject> denied = admission.denied(tunnel);
        denied.ifPresent(why -> dismiss(tunnel, why.reason(), why.message()));
        return denied.isPresent();
    }

    /** The remote has other settings: all tunnels are dismissed if it is disabled, otherwise those whose token it has no more. Any thread. */
    void changed(RemoteSettings fresh) {
        admission.retainTokens(fresh.tokens());
        loop.executeUnlessEnded(() -> {
            tunnels.all().forEach(this::dismissIfDenied);
            if (!fresh.enabled()) {
                users.gone();
            }
        });
    }

    /** The remote is not there any more: its tunnels are dismissed. Any thread. */
    void remove() {
        loop.executeUnlessEnded(() -> {
            admission.close(new Reject(Reason.DENIED, false, REMOVED));
            tunnels.all().forEach(tunnel -> dismiss(tunnel, Reason.DENIED, REMOVED));
            users.gone();
        });
    }

    /**
     * Lets the streams end. Any thread.
     *
     * @return completes when no tunnel is left, or when the grace is over
     */
    CompletableFuture<Void> stop(Duration grace) {
        boolean running = loop.executeUnlessEnded(() -> {
            admission.close(new Reject(Reason.GOING_AWAY, true, SHUTTING_DOWN));
            loop.timers().after(grace.plus(RESET_TIME).toNanos(), () -> stopped.complete(null));
            completeIfStopped();
            users.gone();
            tunnels.all()
                    .forEach(tunnel ->
                            tunnel.carrier().ifPresent(carrier -> run(carrier.loop(), () -> carrier.drain(grace))));
        });
        if (!running) {
            stopped.complete(null);
        }
        return stopped;
    }

    private void completeIfStopped() {
        if (admission.isClosed() && tunnels.isEmpty() && delivering.isEmpty()) {
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

    private final class Outcome implements RemoteTunnelOwner.Outcome {
        @Override
        public void ask(Asker asker, Expose wish, Consumer<ExposeInstruction> answer) {
            owner.ask(asker, wish, answer);
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
        public void closed(RemoteTunnel tunnel, Carrier ended, Reason reason, String detail) {
            run(loop, () -> {
                tunnels.remove(tunnel);
                boolean wasUp = tunnel.carrier().isPresent();
                news.tunnelDown(ended.handle().view(), wasUp, tunnels.isEmpty(), reason, detail);
                if (ended.load() > 0) {
                    delivering.add(ended);
                }
                publish();
                completeIfStopped();
            });
            if (tunnel.hasAsked()) {
                owner.ended(tunnel);
            }
        }
    }
}
