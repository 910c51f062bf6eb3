package io.portproxy.server;

import io.portproxy.net.ListenException;
import io.portproxy.protocol.Reason;
import io.portproxy.protocol.Reject;
import io.portproxy.server.exposed.ExposedPort;
import io.portproxy.server.exposed.Route;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;

/**
 * The remotes that a proxy server knows, and the ports that it exposes for them. A {@link RemotesChange} replaces the
 * whole set. What is the same before and after is not affected. The first change starts from an empty set. A remote of
 * a template is made when its first tunnel comes. Any thread.
 */
final class Remotes {
    private final ServerContext context;
    private final GrantThread grantThread;
    private final Gateways gateways;
    private final Grants grants;
    private final Tallies tallies = new Tallies(this::all);
    private final LongAdder refused = new LongAdder(); // remotes of templates
    private volatile RemotesState current = RemotesState.NOTHING;
    private boolean stopped;

    /**
     * @param context what all remotes share
     * @param gateways the gateways that lead to the hosts of the remotes
     * @param grantThread runs the requests of remotes; closed with this
     */
    Remotes(ServerContext context, Gateways gateways, GrantThread grantThread) {
        this.context = context;
        this.gateways = gateways;
        this.grantThread = grantThread;
        this.grants = new Grants(new ForGrants(), gateways, grantThread);
    }

    /**
     * Prepares a change: binds the new ports and gateways, and touches nothing else. The caller calls {@link #apply} or
     * {@link RemotesChange#abandon} before it prepares another change.
     *
     * @param plan everything that the server exposes after the change; no name and no address twice
     * @throws ListenException an address could not be bound; nothing has changed
     * @throws IllegalArgumentException the plan has a name, an address, or a host at a gateway twice
     * @throws IllegalStateException the server has stopped
     */
    synchronized RemotesChange prepare(Exposure plan) throws ListenException {
        if (stopped) {
            throw new IllegalStateException("this server has stopped");
        }
        return RemotesChange.prepare(current, plan, this::newRemote, gateways);
    }

    /**
     * Applies a change: closes removed ports, and dismisses tunnels of removed and disabled remotes and of revoked
     * tokens. Abandons it if the server has stopped.
     *
     * @param drain how long the streams of ports that are removed or disabled may continue
     */
    synchronized void apply(RemotesChange change, Duration drain) {
        if (stopped) {
            change.abandon();
            return;
        }
        current = change.apply(
                context.userLimits(), drain); // whoever finds a remote by its name also finds its ports open
        change.complete(grants, drain);
    }

    /** The most remotes and ports; remotes get what the settings leave free. */
    private Limits limits() {
        return context.settings().limits();
    }

    private Remote newRemote(RemoteSettings settings) {
        return new Remote(settings, context, grants);
    }

    /** Returns the remote with that name. */
    Optional<Remote> find(String name) {
        return current.find(name);
    }

    /**
     * The result of {@link Remotes#findOrMake}.
     *
     * @param remote the remote, if there is one
     * @param refusal the answer if there is none
     */
    record Found(Optional<Remote> remote, Reject refusal) {}

    /**
     * Finds the remote with that name. If there is none, creates it from a template.
     *
     * @param outcome gets the result, on the thread of {@link GrantThread}
     * @return whether the outcome will be called; false if too many requests wait, or if the server has stopped
     */
    boolean findOrMake(String name, Consumer<Found> outcome) {
        return grantThread.ask(() -> outcome.accept(findOrMake(name)));
    }

    private synchronized Found findOrMake(String name) {
        Reject gone = new Reject(Reason.DENIED, false, "the remote name is not configured any more");
        Optional<Remote> known = find(name);
        Optional<RemoteSettings> template = template(name);
        if (known.isPresent() || stopped || template.isEmpty()) {
            return new Found(known.filter(there -> !stopped), gone);
        }
        int most = template.get().grant().map(Grant::maxRemotes).orElse(0);
        if (remotesOf(template.get()) >= most) {
            refused.increment();
            return new Found(
                    Optional.empty(),
                    new Reject(
                            Reason.LIMIT,
                            true,
                            "there are " + most + " remotes of "
                                    + template.get().name() + " already (max-remotes)"));
        }
        if (current.remotes().size() + current.templates().size() >= limits().remotes()) {
            refused.increment();
            return new Found(
                    Optional.empty(),
                    new Reject(
                            Reason.LIMIT,
                            true,
                            "there are " + limits().remotes() + " remotes already (portproxy.server.max-remotes)"));
        }
        Remote fresh = newRemote(template.get().instance(name));
        fresh.admit(current.access(), Duration.ZERO);
        fresh.limit(false);
        current = current.with(fresh);
        return new Found(Optional.of(fresh), gone);
    }

    private long remotesOf(RemoteSettings template) {
        return all().stream()
                .filter(remote -> remote.settings().template().equals(Optional.of(template.name())))
                .count();
    }

    /** Removes a remote of a template if it has no tunnel, port or host. On the thread of {@link GrantThread}. */
    private synchronized void forgetIfIdle(Remote remote) {
        boolean isCurrent = current.remotes().get(remote.name()) == remote;
        if (!stopped && isCurrent && remote.isOfTemplate() && remote.isIdle()) {
            current = current.without(remote);
            remote.remove();
        }
    }

    /** Returns the template for a name without an entry of its own: the one with the longest prefix that fits. */
    Optional<RemoteSettings> template(String name) {
        return current.template(name);
    }

    /** The counters of all ports and hosts. */
    Tallies tallies() {
        return tallies;
    }

    /** Counts of the ports and hosts that remotes ask for. */
    GrantCounts grantCounts() {
        return grants.counts(refused.sum());
    }

    /** Runs a task unless the server has stopped. Returns whether it ran. */
    private synchronized boolean unlessStopped(Runnable task) {
        if (!stopped) {
            task.run();
        }
        return !stopped;
    }

    /** All remotes: first those with an entry of their own, in the order of the settings, then those of templates. */
    Collection<Remote> all() {
        return current.all();
    }

    /** All ports, in the order of their remotes. */
    List<ExposedPort> ports() {
        return all().stream()
                .flatMap(remote -> remote.exposed().ports().stream())
                .toList();
    }

    /**
     * Stops listening, then lets the streams end. Later changes have no effect.
     *
     * @return completes when no tunnel is left, or soon after the grace time
     */
    synchronized CompletableFuture<Void> stop(Duration grace) {
        stopped = true;
        gateways.close();
        grantThread.close();
        return CompletableFuture.allOf(
                all().stream().map(remote -> remote.stop(grace)).toArray(CompletableFuture<?>[]::new));
    }

    /** The view that {@link Grants} has of the remotes. */
    private final class ForGrants implements Grants.Owner {
        @Override
        public Collection<Remote> all() {
            return Remotes.this.all();
        }

        @Override
        public Collection<RemoteSettings> templates() {
            return current.templates().values();
        }

        @Override
        public Optional<Remote> find(String name) {
            return Remotes.this.find(name);
        }

        @Override
        public boolean unlessStopped(Runnable task) {
            return Remotes.this.unlessStopped(task);
        }

        @Override
        public boolean hasRoom() {
            return all().stream()
                            .mapToInt(remote -> remote.exposed().ports().stream()
                                            .mapToInt(port -> port.address().count())
                                            .sum()
                                    + remote.exposed().hosted().size()
                                    + remote.exposed().grantedHosts().size())
                            .sum()
                    < limits().ports();
        }

        @Override
        public void forgetIfIdle(Remote remote) {
            Remotes.this.forgetIfIdle(remote);
        }

        @Override
        public void left(Route route) {
            tallies.left(route);
        }
    }
}
