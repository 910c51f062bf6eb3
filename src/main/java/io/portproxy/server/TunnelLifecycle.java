package io.portproxy.server;

import io.portproxy.net.EventLoop;
import io.portproxy.net.Transport;
import io.portproxy.protocol.Expose;
import io.portproxy.protocol.ExposeInstruction;
import io.portproxy.protocol.Features;
import io.portproxy.protocol.OpaqueBytes;
import io.portproxy.protocol.Reason;
import io.portproxy.protocol.Reject;
import io.portproxy.tunnel.ServerTunnel;
import io.portproxy.tunnel.Tunnel;
import io.portproxy.tunnel.TunnelControl;
import io.portproxy.tunnel.TunnelHandle;
import io.portproxy.tunnel.TunnelSettings;
import io.portproxy.tunnel.connection.TunnelTerms;
import io.portproxy.tunnel.telemetry.RemoteEvents;
import io.portproxy.tunnel.telemetry.TunnelCounts;
import io.portproxy.tunnel.telemetry.TunnelTotals;
import io.portproxy.tunnel.telemetry.TunnelView;
import java.nio.ByteBuffer;
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
 * The tunnels of a remote, from their greetings to their ends: starts, tracks and dismisses them.
 * {@link TunnelAdmission} decides which tunnels may start. The list of tunnels lives on the remote's loop, and so does
 * the first tunnel; further tunnels have other loops.
 */
final class TunnelLifecycle {
    /**
     * Added to the grace time, at whose end the remaining streams are reset: the time until the resets have happened
     * and were reported.
     */
    private static final Duration RESET_TIME = Duration.ofMillis(200);

    private static final String SHUTTING_DOWN = "this server is shutting down";
    private static final String REMOVED = "the remote name is not configured any more";

    /** The receiver of what a remote asks for in its tunnels, and of the end of its last tunnel. */
    interface Owner {
        /**
         * The remote asks for a port or host. On the tunnel's loop.
         *
         * @param answer gets the answer, on any thread
         */
        void ask(Asker asker, Expose wish, Consumer<ExposeInstruction> answer);

        /** A tunnel has ended in which the remote had asked for ports or hosts. On the tunnel's loop. */
        void ended(RemoteTunnel tunnel);

        /** There is no tunnel any more, and no stream still delivers bytes. Any thread. */
        void idle();
    }

    private final String name;
    private final ServerContext context;
    private final EventLoop loop;
    private final RemoteEvents events;
    private final RemoteTunnels tunnels; // on the loop
    private final TunnelAdmission admission;
    private final UserDispatch users;
    private final Owner owner;
    private final TunnelNews news;
    private final TunnelTotals totals = new TunnelTotals();
    private final CompletableFuture<Void> stopped = new CompletableFuture<>();
    // closed, but their streams still deliver bytes; on the loop
    private final Set<TunnelControl> delivering = new HashSet<>();
    private final AtomicInteger coming = new AtomicInteger(); // tunnels that are on their way to the loop
    private volatile boolean held; // there are tunnels, or streams that still deliver bytes
    private volatile List<RemoteView.Tunnel> published = List.of(); // tunnels that are up, for any thread
    private volatile List<TunnelHandle> publishedDelivering = List.of();

    /**
     * @param loop the remote's loop
     * @param tunnels the list of its tunnels, still empty
     * @param admission decides which tunnels the remote may have
     * @param users dispatches users to the tunnels
     */
    TunnelLifecycle(
            String name,
            ServerContext context,
            EventLoop loop,
            RemoteEvents events,
            RemoteTunnels tunnels,
            TunnelAdmission admission,
            UserDispatch users,
            Owner owner) {
        this.name = name;
        this.context = context;
        this.loop = loop;
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

    /** The tunnels that have streams, including those that have ended but still deliver bytes. Any thread. */
    List<TunnelHandle> handles() {
        return Stream.concat(published.stream().map(RemoteView.Tunnel::handle), publishedDelivering.stream())
                .toList();
    }

    /** The counts of all its tunnels. Any thread. */
    TunnelCounts counts() {
        return totals.counts();
    }

    /** Whether no tunnel exists or is on its way. Any thread. */
    boolean isIdle() {
        return coming.get() == 0 && !held;
    }

    /** Publishes the state for other threads. On the loop, after every change. */
    private void publish() {
        published =
                tunnels.all().stream().flatMap(tunnel -> tunnel.view().stream()).toList();
        publishedDelivering = delivering.stream().map(TunnelControl::handle).toList();
        held = !tunnels.isEmpty() || !delivering.isEmpty();
        tellIfIdle();
    }

    private void tellIfIdle() {
        if (!held) {
            owner.idle();
        }
    }

    /**
     * Admits or refuses a remote that has sent the name, and proved it if necessary. Any thread. Returns false if the
     * loop is too busy.
     */
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

    /** Records that a tunnel on its way has arrived, or was refused. */
    private void arrived() {
        coming.decrementAndGet();
        tellIfIdle();
    }

    /** On the loop. */
    private void admit(Greeting greeting, Optional<AuthenticatedHello> hello) {
        OpaqueBytes instance =
                hello.map(AuthenticatedHello::instance).orElseGet(() -> OpaqueBytes.id(context.random()));
        int index = hello.map(AuthenticatedHello::tunnelIndex).orElse(0);
        RemoteTunnel fresh = new RemoteTunnel(
                instance,
                index,
                hello.isPresent(),
                context.loops().behind(loop, index),
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
        TunnelSettings settings = context.settings().tunnel();
        int window = settings.limits().initialWindow();
        Features features =
                hello.map(said -> said.features().sharedWith(Features.ALL)).orElse(Features.NONE);
        TunnelTerms terms =
                hello.isPresent() ? TunnelTerms.extended(true, features, window) : TunnelTerms.classic(true);
        RemoteTunnelOwner tunnelOwner = new RemoteTunnelOwner(fresh, totals, events, new OneTunnel());
        Tunnel tunnel = new Tunnel(
                fresh.loop(), transport, fresh.peerAddress(), settings, terms, context.memory(), tunnelOwner);
        tunnelOwner.owns(tunnel);
        hello.ifPresent(extended -> tunnel.sendGreeting(extended.welcome(
                OpaqueBytes.id(context.random()),
                features,
                window,
                settings.heartbeatInterval().toMillis())));
        run(loop, () -> started(fresh, tunnel));
        tunnel.start(rest);
    }

    /** Publishes a new tunnel. Another tunnel may have replaced it meanwhile, or its token may have been revoked. */
    private void started(RemoteTunnel fresh, ServerTunnel tunnel) {
        if (tunnels.all().contains(fresh)) {
            fresh.setUp(tunnel);
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
        tunnel.control().ifPresent(control -> run(control.loop(), () -> control.dismiss(reason, why)));
    }

    /** Dismisses a tunnel if it may no longer have the name. Returns whether it does. */
    private boolean dismissIfDenied(RemoteTunnel tunnel) {
        Optional<Reject> denied = admission.denied(tunnel);
        denied.ifPresent(why -> dismiss(tunnel, why.reason(), why.message()));
        return denied.isPresent();
    }

    /**
     * Applies changed settings. If the remote is disabled, all tunnels are dismissed; otherwise those whose token is no
     * longer valid. Any thread.
     */
    void changed(RemoteSettings fresh) {
        admission.retainTokens(fresh.tokens());
        loop.executeUnlessEnded(() -> {
            tunnels.all().forEach(this::dismissIfDenied);
            if (!fresh.enabled()) {
                users.gone();
            }
        });
    }

    /** Dismisses all tunnels, because the remote was removed. Any thread. */
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
     * @return completes when no tunnel is left, or soon after the end of the grace time
     */
    CompletableFuture<Void> stop(Duration grace) {
        boolean running = loop.executeUnlessEnded(() -> {
            admission.close(new Reject(Reason.GOING_AWAY, true, SHUTTING_DOWN));
            loop.timers().after(grace.plus(RESET_TIME).toNanos(), () -> stopped.complete(null));
            completeIfStopped();
            users.gone();
            tunnels.all()
                    .forEach(tunnel ->
                            tunnel.control().ifPresent(control -> run(control.loop(), () -> control.drain(grace))));
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

    /** Runs a task on a loop: at once if the caller is on that loop. */
    private static void run(EventLoop target, Runnable task) {
        if (target.inLoop()) {
            task.run();
        } else {
            target.executeUnlessEnded(task);
        }
    }

    private final class OneTunnel implements RemoteTunnelOwner.Lifecycle {
        @Override
        public void ask(Asker asker, Expose wish, Consumer<ExposeInstruction> answer) {
            owner.ask(asker, wish, answer);
        }

        @Override
        public void streamsOver(TunnelControl ended) {
            run(loop, () -> {
                delivering.remove(ended);
                publish();
                completeIfStopped();
            });
        }

        @Override
        public void closed(RemoteTunnel tunnel, TunnelControl ended, Reason reason, String detail) {
            run(loop, () -> {
                tunnels.remove(tunnel);
                boolean wasUp = tunnel.control().isPresent();
                TunnelView last = ended.handle().view();
                news.tunnelDown(last, wasUp, tunnels.isEmpty(), reason, detail);
                if (last.streams() > 0) {
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
