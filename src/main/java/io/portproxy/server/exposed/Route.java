package io.portproxy.server.exposed;

import io.portproxy.net.EventLoop;
import io.portproxy.server.exposed.user.HttpUsers;
import io.portproxy.server.exposed.user.IncomingConnection;
import io.portproxy.server.exposed.user.PortRefusal;
import io.portproxy.server.limits.LimitLevel;
import io.portproxy.server.limits.LimitSettings;
import io.portproxy.server.limits.RouteLimits;
import io.portproxy.tunnel.stream.StreamInput;
import io.portproxy.tunnel.telemetry.DatagramCounts;
import io.portproxy.tunnel.telemetry.DatagramTotals;
import io.portproxy.tunnel.telemetry.TunnelView;
import io.portproxy.usage.Tally;
import io.portproxy.usage.UsageKey;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The route from an exposed address to a target of a remote: the target, how the bytes of users are read, and the
 * counters. Only its access list and limits can change. When the address gets another target, it gets another route.
 * Any thread, unless a method says otherwise.
 */
public final class Route {
    private final String name;
    private final String remoteName;
    private final RouteSettings settings;
    private final String target;
    private final RouteStreams streams;
    private final OpenInstructions opens;
    private final AddressState state;
    private final Optional<HttpUsers> http;
    private final RefusalRules rules;
    private final RouteRefusals refusals;
    private volatile Access access;
    private volatile @Nullable Route next; // the route that has replaced this one
    private volatile boolean ended;

    /**
     * A route whose counters start at 0.
     *
     * @param name what users connect to, as text for people
     * @param clock the loop whose clock limits the number of log lines
     * @param access the access list at the start
     * @param above the wider levels of limits that also apply, the widest first
     */
    public Route(
            String name,
            String remoteName,
            RouteSettings settings,
            EventLoop clock,
            Access access,
            List<LimitLevel> above) {
        this(name, remoteName, settings, clock, access, AddressState.fresh(above, clock::nanoTime));
    }

    private Route(
            String name,
            String remoteName,
            RouteSettings settings,
            EventLoop clock,
            Access access,
            AddressState state) {
        this.access = access;
        this.state = state;
        this.name = name;
        this.remoteName = remoteName;
        this.settings = settings;
        this.target = settings.target();
        this.streams = new RouteStreams(name, target, settings.range().isPresent());
        this.opens = new OpenInstructions(settings);
        this.http = settings.http()
                .map(rewrites -> new HttpUsers(
                        rewrites,
                        new HttpUsers.Names(name, remoteName, target),
                        state.counters()::requests,
                        state.counters()::turnedAway,
                        clock));
        this.rules = new RefusalRules(settings, state);
        this.refusals = new RouteRefusals(name, remoteName, state.counters(), http, clock);
    }

    /**
     * Returns a route that replaces this one, for the same remote. The new route continues the counters; streams stay
     * with this one. The caller calls this once.
     *
     * @param clock the loop whose clock limits the number of log lines
     * @param who the access list
     */
    public Route replacedBy(String newName, RouteSettings others, EventLoop clock, Access who) {
        state.counters().former().add(streams);
        Route fresh = new Route(newName, remoteName, others, clock, who, state);
        next = fresh;
        return fresh;
    }

    /** The last of the routes that have replaced this one; this route if none has. */
    public Route newest() {
        Route newest = this;
        for (Route after = next; after != null; after = after.next) {
            newest = after;
        }
        return newest;
    }

    /**
     * Ends the route: no user is carried by it any more, because its address is gone or leads to another remote.
     * Streams continue.
     */
    public void end() {
        ended = true;
    }

    /** Whether another route leads to the same target of the same remote in the same way. */
    boolean leadsAs(Route other) {
        return remoteName.equals(other.remoteName) && settings.isSameWay(other.settings);
    }

    /**
     * Returns why a user who has waited for the remote is refused now; empty if the user continues with
     * {@link #newest}.
     */
    public Optional<PortRefusal> refusalOfWaiting() {
        Route now = newest();
        return now.rules
                .refusal()
                .or(() -> now.ended || !now.leadsAs(this) ? Optional.of(PortRefusal.CHANGED) : Optional.empty());
    }

    /** Whether a user may connect: the access list admits the address, and the address is not banned. */
    public boolean isOpenTo(IncomingConnection user) {
        return admits(user.address().getAddress()) && !user.isBanned();
    }

    /** What users connect to, as text for people. */
    public String name() {
        return name;
    }

    /** The name of the remote that has the target. */
    public String remoteName() {
        return remoteName;
    }

    public RouteSettings settings() {
        return settings;
    }

    /** The target as the remote sees it. */
    public String target() {
        return target;
    }

    /**
     * Sets the access list. Streams of users who are no longer admitted continue. Returns whether the list differs from
     * the one before.
     */
    public boolean changeAccess(Access other) {
        boolean changed = !access.equals(other);
        access = other;
        return changed;
    }

    /** The access list. */
    public Access access() {
        return access;
    }

    /**
     * Sets the limits of this level; those of the wider levels still apply. Returns whether the limits differ from
     * those before.
     */
    public boolean changeLimits(LimitSettings other) {
        return state.ownLimits().change(other);
    }

    /** The limits for its users, of all levels. */
    public RouteLimits limits() {
        return state.limits();
    }

    /** Whether the access list admits a user. */
    public boolean admits(InetAddress user) {
        return access.admits(user);
    }

    /** The rules by which users are refused before there is a stream. */
    public RefusalRules rules() {
        return rules;
    }

    /** The users whom it refuses. */
    public RouteRefusals refusals() {
        return refusals;
    }

    /** The users of HTTP; empty if the bytes of users pass unchanged. */
    public Optional<HttpUsers> http() {
        return http;
    }

    /** The counters for the datagrams of a port of type udp. */
    public DatagramTotals datagrams() {
        return state.counters().datagrams();
    }

    /** The counters of its own streams, without those of the routes before it. */
    public RouteStreams streams() {
        return streams;
    }

    /** The Open instructions of its users. */
    public OpenInstructions opens() {
        return opens;
    }

    /**
     * Returns the input that reads a user's bytes.
     *
     * @param user the connection, which is on the loop of its tunnel
     */
    public StreamInput input(IncomingConnection user) {
        return http.map(users -> users.input(user)).orElseGet(user::input);
    }

    /** Sets whether a quota is used up, so that users are refused. Returns whether this has changed. */
    public boolean useUp(boolean now) {
        return state.usedUp().getAndSet(now) != now;
    }

    /** Whether users are refused because a quota is used up. */
    public boolean isUsedUp() {
        return state.usedUp().get();
    }

    /** Whether streams of this route, or of those before it, are open. */
    public boolean isUsed() {
        return state.counters().former().countsWith(streams).live() > 0;
    }

    /** The counts of this route and of those before it. */
    public Tally tally() {
        return state.counters().tally(new UsageKey(remoteName, name), streams);
    }

    /**
     * Returns the current state of the exposed address.
     *
     * @param trouble why users cannot connect; empty if they can
     * @param tunnels the tunnels of the remote that are up
     */
    public PortView view(Optional<String> trouble, List<TunnelView> tunnels) {
        FormerTotals former = state.counters().former();
        return new PortView(
                name,
                opens.transport(),
                remoteName,
                target,
                false,
                new PortView.Condition(trouble, rules.refusalNow(tunnels), streams.lastDenial()),
                new PortView.Counts(
                        former.countsWith(streams),
                        former.delaysWith(streams),
                        state.counters().refusedByKey(),
                        state.counters().requestCounts(),
                        settings.udp().isPresent()
                                ? state.counters().datagrams().counts()
                                : DatagramCounts.NONE));
    }

    @Override
    public String toString() {
        return "port " + name;
    }
}
