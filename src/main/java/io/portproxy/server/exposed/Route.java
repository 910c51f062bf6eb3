package io.portproxy.server.exposed;

import io.portproxy.http.FirstHead;
import io.portproxy.http.HttpRequestRewriter;
import io.portproxy.http.HttpRewriteSettings;
import io.portproxy.http.RequestView;
import io.portproxy.http.RouteMatch;
import io.portproxy.net.EventLoop;
import io.portproxy.net.LogFields;
import io.portproxy.net.LogLimit;
import io.portproxy.net.Sockets;
import io.portproxy.protocol.Open;
import io.portproxy.server.limits.LimitLevel;
import io.portproxy.server.limits.LimitSettings;
import io.portproxy.server.limits.RouteLimits;
import io.portproxy.tunnel.stream.StreamInput;
import io.portproxy.tunnel.telemetry.DatagramCounts;
import io.portproxy.tunnel.telemetry.DatagramTotals;
import io.portproxy.tunnel.telemetry.LastDenial;
import io.portproxy.tunnel.telemetry.StreamCounts;
import io.portproxy.tunnel.telemetry.StreamTotals;
import io.portproxy.tunnel.telemetry.TunnelView;
import io.portproxy.usage.Tally;
import io.portproxy.usage.UsageKey;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * The way from an exposed address to a target of a remote: the target, how the bytes of users are read, and the
 * counters. Only its access list and limits can change. When the address gets another target, it gets another route.
 * Any thread, unless a method says otherwise.
 */
public final class Route {
    private static final Logger log = LoggerFactory.getLogger(Route.class);

    /** The reason in metrics and in the API when an access list refuses a user. */
    static final String DENIED = "access";

    /**
     * The most lines in ten seconds about users who were reset at once; the same number applies to answers that did not
     * pass.
     */
    private static final int REFUSALS_LOGGED = 1;

    private final String name;
    private final String remoteName;
    private final RouteSettings settings;
    private final String target;
    private final LateAnswers lateAnswers = new LateAnswers();
    private final LastDenial denial = new LastDenial();
    private final LogLimit refusals;
    private final LogLimit strangers;
    private final LogLimit badAnswers;
    private final RouteStreams streams = new RouteStreams();
    private final OpenInstructions opens;
    private final Kept kept;
    private final Optional<BasicAuthGate> door;
    private volatile Access access;
    private volatile @Nullable Route next; // the route that has replaced this one
    private volatile boolean ended;

    /** A route for everybody, without limits. */
    public Route(String name, String remoteName, RouteSettings settings, EventLoop clock) {
        this(name, remoteName, settings, clock, Access.ALL, List.of());
    }

    /**
     * What a route passes on to the route that replaces it.
     *
     * @param usedUp whether a quota is used up
     */
    private record Kept(RouteCounters counters, AtomicBoolean usedUp, LimitLevel ownLimits, RouteLimits limits) {
        static Kept fresh(List<LimitLevel> above, LimitLevel own) {
            return new Kept(
                    new RouteCounters(),
                    new AtomicBoolean(),
                    own,
                    RouteLimits.of(Stream.concat(above.stream(), Stream.of(own)).toList()));
        }
    }

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
        this(
                name,
                remoteName,
                settings,
                clock,
                access,
                Kept.fresh(
                        above,
                        above.isEmpty()
                                ? new LimitLevel(clock::nanoTime, LimitLevel.MOST_USERS)
                                : above.get(0).another()));
    }

    private Route(String name, String remoteName, RouteSettings settings, EventLoop clock, Access access, Kept kept) {
        this.access = access;
        this.kept = kept;
        this.name = name;
        this.remoteName = remoteName;
        this.settings = settings;
        this.target = settings.target();
        this.opens = new OpenInstructions(settings);
        this.refusals = new LogLimit(clock::nanoTime, REFUSALS_LOGGED);
        this.strangers = new LogLimit(clock::nanoTime, REFUSALS_LOGGED);
        this.badAnswers = new LogLimit(clock::nanoTime, REFUSALS_LOGGED);
        this.door = settings.http()
                .flatMap(http -> http.auth()
                        .map(auth -> new BasicAuthGate(
                                auth,
                                http,
                                this::turnedAway,
                                (user, head, answer) -> answered(user, head, answer, http))));
    }

    /**
     * Returns a route that replaces this one, for the same remote. The new route continues the counters; streams stay
     * with this one. The caller calls this once.
     *
     * @param clock the loop whose clock limits the number of log lines
     * @param who the access list
     */
    public Route replacedBy(String newName, RouteSettings others, EventLoop clock, Access who) {
        kept.counters.former().add(streams);
        Route fresh = new Route(newName, remoteName, others, clock, who, kept);
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
        if (!now.settings.enabled()) {
            return Optional.of(PortRefusal.DISABLED);
        } else if (isUsedUp()) {
            return Optional.of(PortRefusal.QUOTA);
        }
        return now.ended || !now.leadsAs(this) ? Optional.of(PortRefusal.CHANGED) : Optional.empty();
    }

    /** Whether a user may connect: the access list admits the address, and the address is not banned. */
    public boolean isOpenTo(UserConnection user) {
        InetAddress address = user.user().getAddress();
        return admits(address) && !user.web().bans().isBanned(address);
    }

    /** Refuses a user to whom the route {@linkplain #isOpenTo is not open}. On the loop that has the user's connection. */
    public void turnAway(UserConnection user) {
        if (user.web().bans().isBanned(user.user().getAddress())) {
            banned(user);
            user.reset();
        } else {
            denied(user);
            answerLate(user, UserAnswer.forbidden());
        }
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

    /** Whether only the extended dialect can carry users to the target. */
    public boolean needsExtended() {
        return settings.targetHost().isPresent() || settings.udp().isPresent();
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
        return kept.ownLimits.change(other);
    }

    /** The limits for its users, of all levels. */
    public RouteLimits limits() {
        return kept.limits;
    }

    /** Whether the access list admits a user. */
    public boolean admits(InetAddress user) {
        return access.admits(user);
    }

    /** Counts and logs that the access list refuses a user. The caller resets or answers the user. */
    void denied(UserConnection user) {
        user.failed();
        turnedAway(user, DENIED, "an access list does not allow that address");
    }

    /** Counts and logs that a user's address is banned. */
    void banned(UserConnection user) {
        turnedAway(user, Bans.REFUSED, "its address is banned");
    }

    /** Counts and logs that a connection does not begin as it must. */
    void badHeader(UserConnection user, String why) {
        turnedAway(user, HeaderPreface.REFUSED, why);
    }

    /** Counts and logs that the access list refuses a user of datagrams. */
    void denied(InetSocketAddress user) {
        turnedAway(Sockets.text(user), DENIED, "an access list does not allow that address");
    }

    private void turnedAway(UserConnection user, String reason, String text) {
        turnedAway(user.userText(), reason, text);
    }

    private void turnedAway(String user, String reason, String text) {
        turnedAway(reason);
        LogFields.remote(remoteName)
                .andPort(name)
                .andReason(reason)
                .log(() -> strangers.log(log, Level.INFO, "{}: user {} refused: {}", this, user, text));
    }

    /**
     * Counts and logs that the access list refuses a user, and answers the request. On the loop that has the user's
     * connection.
     */
    void deny(UserConnection user, FirstHead head) {
        denied(user);
        settings.http().ifPresentOrElse(http -> answered(user, head, UserAnswer.forbidden(), http), user::reset);
    }

    /** The settings of a port of type udp. */
    UdpSettings udp() {
        return settings.udp().orElse(UdpSettings.DEFAULT);
    }

    /** How many bytes may answer each byte of a user; 0 for any number. */
    int replyLimit() {
        return udp().replyLimit();
    }

    /** The counters for the datagrams of a port of type udp. */
    public DatagramTotals datagrams() {
        return kept.counters.datagrams();
    }

    /** Counts a user who was refused for a reason that is not a {@link PortRefusal}, by a short key. */
    void turnedAway(String why) {
        kept.counters.turnedAway(why);
    }

    /** Returns the data of a request for the access log. */
    private OwnEntry entry(UserConnection user, Optional<RequestView> request, HttpRewriteSettings http) {
        InetAddress peer = user.user().getAddress();
        return OwnEntry.of(
                user, request, request.map(there -> http.client(peer, there)).orElse(peer), name, remoteName);
    }

    private Optional<OwnEntry> entry(UserConnection user, FirstHead head, HttpRewriteSettings http) {
        return user.web().log().isOn() ? Optional.of(entry(user, head.seen(), http)) : Optional.empty();
    }

    private void answered(UserConnection user, FirstHead head, UserAnswer answer, HttpRewriteSettings http) {
        UserAnswer whole = answer.with(http.headers().ofOurs(user.secure()));
        if (whole.send(user, head.style(), entry(user, head, http))) {
            requests(user.loop()).answered(answer.status());
        }
    }

    /** Answers a user of HTTP instead of the target. On the loop that has the user's connection. */
    void answer(UserConnection user, FirstHead head, UserAnswer answer) {
        settings.http().ifPresentOrElse(http -> answered(user, head, answer, http), user::reset);
    }

    private RequestTotals requests(EventLoop loop) {
        return kept.counters.requests(loop);
    }

    /** Returns the counters for streams on a loop. */
    public StreamTotals totals(EventLoop loop) {
        return streams.on(
                loop, () -> StreamTotals.ofPort(name, target, settings.range().isPresent(), denial));
    }

    /** Whether these counters belong to this route, so that the streams they count came by it. */
    public boolean counts(StreamTotals where) {
        return streams.has(where);
    }

    /** The counts of its own streams, without those of the routes before it. */
    public StreamCounts counts() {
        return streams.counts();
    }

    /** Limits the log lines about users who are refused before they become streams. */
    public LogLimit refusals() {
        return refusals;
    }

    /** Returns the Open instruction for a user's stream. */
    public Open open(long identity, UserConnection user) {
        return opens.of(identity, user);
    }

    /** Returns the Open instruction for a user's datagrams. */
    public Open open(long identity, InetSocketAddress user, InetSocketAddress exposed) {
        return opens.of(identity, user, exposed);
    }

    /** Whether the remote must write a header to the target before the user's bytes. */
    public boolean needsFirstBytes() {
        return settings.proxyProtocol().isPresent();
    }

    /**
     * Returns the input that reads a user's bytes.
     *
     * @param user the connection, which is on the loop of its tunnel
     */
    public StreamInput input(UserConnection user) {
        StreamInput input = inputOf(user);
        return user.watch()
                .<StreamInput>map(watch -> new WatchedInput(watch, input))
                .orElse(input);
    }

    private StreamInput inputOf(UserConnection user) {
        HttpRewriteSettings http = settings.http().orElse(null);
        if (http == null) {
            return user.readAlready().hasRemaining()
                    ? new ResumedInput(user.readAlready(), StreamInput.PLAIN)
                    : StreamInput.PLAIN;
        }
        UserRequests ofUser = new UserRequests(user, request -> entry(user, request, http), requests(user.loop()));
        HttpRequestRewriter rewriter =
                new HttpRequestRewriter(http, user.origin(), user.rerouting().match(), ofUser);
        return new HttpStreamInput(
                user,
                rewriter,
                ofUser,
                http.requestTimeout().orElse(user.rerouting().headTimeout()),
                http.responseTimeout(),
                lateAnswers,
                this::badAnswer);
    }

    /** Whether users must log in, so that the server reads the head of the first request before the stream opens. */
    boolean asks() {
        return door.isPresent();
    }

    /**
     * Admits a user, or answers the request. On the loop that has the user's connection.
     *
     * @param admitted gets the rule that says which further requests need no new check
     */
    void admit(UserConnection user, FirstHead head, Consumer<RouteMatch> admitted) {
        door.ifPresentOrElse(there -> there.admit(user, head, admitted), () -> admitted.accept(RouteMatch.ALL));
    }

    /** Counts a user who is refused. */
    public void refused(PortRefusal why) {
        kept.counters.refused(why);
    }

    /** Refuses a user before the stream opens. On the loop that has the user's connection. */
    public void refuse(UserConnection user, PortRefusal why) {
        refused(why);
        answerLate(user, UserAnswer.of(why));
    }

    /** Answers a user of HTTP, after the request has come; resets other users. */
    private void answerLate(UserConnection user, UserAnswer ours) {
        HttpRewriteSettings http = settings.http().orElse(null);
        boolean waits = http != null
                && lateAnswers.read(
                        user,
                        http.maxRequestHead(),
                        ours,
                        (known, head, answer) -> answered(known, head, answer, http));
        if (!waits) {
            user.reset();
        }
    }

    /** Logs that a target's answer did not pass. The user has got an answer of the server instead. */
    private void badAnswer(String why) {
        badAnswers.log(log, Level.WARN, "port {} of remote {}: target {}: {}", name, remoteName, target, why);
    }

    /** Sets whether a quota is used up, so that users are refused. Returns whether this has changed. */
    public boolean useUp(boolean now) {
        return kept.usedUp.getAndSet(now) != now;
    }

    /** Whether users are refused because a quota is used up. */
    public boolean isUsedUp() {
        return kept.usedUp.get();
    }

    /** Whether streams of this route, or of those before it, are open. */
    public boolean isUsed() {
        return kept.counters.former().countsWith(streams).live() > 0;
    }

    /** The counts of this route and of those before it. */
    public Tally tally() {
        return kept.counters.tally(new UsageKey(remoteName, name), streams);
    }

    /**
     * Returns the current state of the exposed address.
     *
     * @param trouble why users cannot connect; empty if they can
     * @param tunnels the tunnels of the remote that are up
     */
    public PortView view(Optional<String> trouble, List<TunnelView> tunnels) {
        FormerTotals former = kept.counters.former();
        return new PortView(
                name,
                opens.transport(),
                remoteName,
                target,
                false,
                new PortView.Condition(trouble, refusing(tunnels), denial.at()),
                new PortView.Counts(
                        former.countsWith(streams),
                        former.delaysWith(streams),
                        kept.counters.refusedByKey(),
                        kept.counters.requestCounts(),
                        settings.udp().isPresent() ? kept.counters.datagrams().counts() : DatagramCounts.NONE));
    }

    /** Returns why a user who connects now would be refused at once; {@code UserDispatch} decides in the same way. */
    private Optional<PortRefusal> refusing(List<TunnelView> tunnels) {
        if (!settings.enabled()) {
            return Optional.of(PortRefusal.DISABLED);
        } else if (isUsedUp()) {
            return Optional.of(PortRefusal.QUOTA);
        }
        List<TunnelView> available =
                tunnels.stream().filter(TunnelView::available).toList();
        if (tunnels.isEmpty()) {
            return Optional.of(PortRefusal.REMOTE_AWAY);
        } else if (available.isEmpty()) {
            return Optional.of(PortRefusal.LIMIT);
        } else if (kept.limits.isFull()) {
            return Optional.of(PortRefusal.LIMIT_CONNECTIONS);
        }
        if (settings.udp().isPresent() && available.stream().noneMatch(TunnelView::carriesDatagrams)) {
            return Optional.of(PortRefusal.DIALECT);
        }
        if (needsFirstBytes() && available.stream().noneMatch(TunnelView::takesFirstBytes)) {
            return Optional.of(PortRefusal.PROXY_PROTOCOL);
        }
        boolean classic = available.stream().allMatch(tunnel -> tunnel.dialect().equals("classic"));
        return classic && needsExtended() ? Optional.of(PortRefusal.DIALECT) : Optional.empty();
    }

    @Override
    public String toString() {
        return "port " + name;
    }
}
