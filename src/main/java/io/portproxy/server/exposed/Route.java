package io.portproxy.server.exposed;

import io.portproxy.http.FirstHead;
import io.portproxy.http.HttpRequestRewriter;
import io.portproxy.http.HttpRewriteSettings;
import io.portproxy.http.RequestView;
import io.portproxy.http.RouteMatch;
import io.portproxy.net.EventLoop;
import io.portproxy.net.LogFields;
import io.portproxy.net.LogLimit;
import io.portproxy.net.ProxyHeader;
import io.portproxy.net.Sockets;
import io.portproxy.protocol.Identity;
import io.portproxy.protocol.Opaque;
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
import io.portproxy.usage.Amounts;
import io.portproxy.usage.Tally;
import io.portproxy.usage.UsageKey;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Where users of an exposed address are carried to: a remote's target, how what they send is read, and what is counted of them.
 * Does not change, but for who may use it: what gets another target gets another route. Any thread, where nothing else is said.
 */
public final class Route {
    private static final int MAX_DNS_NAME =
            253; // RFC 1035, section 2.3.4, without the root's dot; a longer Host is no name

    private static final Logger log = LoggerFactory.getLogger(Route.class);

    /** Why a user is refused whom an access list does not admit, in metrics and in the API. */
    static final String DENIED = "access";

    private static final AtomicLong COUNTERS = new AtomicLong();

    private static final String ALPN = "http/1.1";

    /** Users who were reset at once, and answers that did not pass, that are logged in ten seconds. */
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
    private final Kept kept;
    private final Optional<BasicAuthDoor> door;
    private volatile Access access;
    private volatile @Nullable Route next; // which has taken its place
    private volatile boolean ended;

    /** One for everybody, without limits. */
    public Route(String name, String remoteName, RouteSettings settings, EventLoop clock) {
        this(name, remoteName, settings, clock, Access.ALL, List.of());
    }

    /**
     * What is counted on by the route that takes its place.
     *
     * @param counter tells it apart from that of other routes in this process
     * @param requests each is written by its loop
     * @param turnedAway by the door, by why
     * @param usedUp whether a quota is used up
     */
    private record Kept(
            long counter,
            Map<EventLoop, RequestTotals> requests,
            Map<PortRefusal, LongAdder> refused,
            Map<String, LongAdder> turnedAway,
            DatagramTotals datagrams,
            FormerTotals former,
            AtomicBoolean usedUp,
            LimitLevel ownLimits,
            RouteLimits limits) {
        static Kept fresh(List<LimitLevel> above, LimitLevel own) {
            Map<PortRefusal, LongAdder> refused = new EnumMap<>(PortRefusal.class);
            for (PortRefusal why : PortRefusal.values()) {
                refused.put(why, new LongAdder());
            }
            return new Kept(
                    COUNTERS.incrementAndGet(),
                    new ConcurrentHashMap<>(),
                    refused,
                    new ConcurrentHashMap<>(),
                    new DatagramTotals(),
                    new FormerTotals(),
                    new AtomicBoolean(),
                    own,
                    RouteLimits.of(Stream.concat(above.stream(), Stream.of(own)).toList()));
        }
    }

    /**
     * One of which nothing was counted before.
     *
     * @param name what users connect to, as people see it
     * @param clock a loop whose clock bounds what is logged
     * @param access who may use it, in the beginning
     * @param above the levels whose limits hold here, too, the widest first
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
        this.refusals = new LogLimit(clock::nanoTime, REFUSALS_LOGGED);
        this.strangers = new LogLimit(clock::nanoTime, REFUSALS_LOGGED);
        this.badAnswers = new LogLimit(clock::nanoTime, REFUSALS_LOGGED);
        this.door = settings.http()
                .flatMap(http -> http.auth()
                        .map(auth -> new BasicAuthDoor(
                                auth,
                                http,
                                this::turnedAway,
                                (user, head, answer) -> answered(user, head, answer, http))));
    }

    /**
     * One that takes the place of this, for the same remote: it goes on with what was counted. Once; streams stay this one's.
     *
     * @param clock a loop whose clock bounds what is logged
     * @param who may use it
     */
    public Route replacedBy(String newName, RouteSettings others, EventLoop clock, Access who) {
        kept.former.add(streams);
        Route fresh = new Route(newName, remoteName, others, clock, who, kept);
        next = fresh;
        return fresh;
    }

    /** The one that has taken its place; itself, if none has. */
    public Route newest() {
        Route newest = this;
        for (Route after = next; after != null; after = after.next) {
            newest = after;
        }
        return newest;
    }

    /** No user is carried by it any more: what led here is gone, or leads to another remote. Streams are not ended. */
    public void end() {
        ended = true;
    }

    /** Whether users of another route go to the same target of the same remote in the same way. */
    boolean leadsAs(Route other) {
        return remoteName.equals(other.remoteName) && settings.isSameWay(other.settings);
    }

    /** Why a user who came by it, and has waited since, is refused now; empty: the user goes on by {@link #newest}. */
    public Optional<PortRefusal> refusalOfWaiting() {
        Route now = newest();
        if (!now.settings.enabled()) {
            return Optional.of(PortRefusal.DISABLED);
        } else if (isUsedUp()) {
            return Optional.of(PortRefusal.QUOTA);
        }
        return now.ended || !now.leadsAs(this) ? Optional.of(PortRefusal.CHANGED) : Optional.empty();
    }

    /** Whether a user may come in: an access list lets the address in, and it is not banned. */
    public boolean isOpenTo(UserConnection user) {
        InetAddress address = user.user().getAddress();
        return admits(address) && !user.web().bans().isBanned(address);
    }

    /** Turns a user away to whom it {@linkplain #isOpenTo is not open}. On the loop that has it. */
    public void turnAway(UserConnection user) {
        if (user.web().bans().isBanned(user.user().getAddress())) {
            banned(user);
            user.reset();
        } else {
            denied(user);
            answerLate(user, UserAnswer.forbidden());
        }
    }

    /** What users connect to, as people see it. */
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

    /** Whether only the extended dialect can say the target. */
    public boolean needsExtended() {
        return settings.targetHost().isPresent() || settings.udp().isPresent();
    }

    /** From now on these users may use it; what others have begun goes on. Returns whether these are others than before. */
    public boolean changeAccess(Access other) {
        boolean changed = !access.equals(other);
        access = other;
        return changed;
    }

    /** Who may use it. */
    public Access access() {
        return access;
    }

    /** From now on these limits hold here, beside those of the levels above. Returns whether these are others than before. */
    public boolean changeLimits(LimitSettings other) {
        return kept.ownLimits.change(other);
    }

    /** What its users may have. */
    public RouteLimits limits() {
        return kept.limits;
    }

    /** Whether a user may use it. */
    public boolean admits(InetAddress user) {
        return access.admits(user);
    }

    /** Counts and tells that a user may not use it; what the user sees of that is the caller's. */
    void denied(UserConnection user) {
        user.failed();
        turnedAway(user, DENIED, "an access list does not let that address in");
    }

    /** Counts and tells that a user's address is banned. */
    void banned(UserConnection user) {
        turnedAway(user, Bans.REFUSED, "its address is banned");
    }

    /** Counts and tells that what a connection begins with is not as it has to be. */
    void badHeader(UserConnection user, String why) {
        turnedAway(user, HeaderPreface.REFUSED, why);
    }

    /** Counts and tells that a user of datagrams may not use it. */
    void denied(InetSocketAddress user) {
        turnedAway(Sockets.text(user), DENIED, "an access list does not let that address in");
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

    /** The same, and answers a user who has sent the head of a request. On the loop that has it. */
    void deny(UserConnection user, FirstHead head) {
        denied(user);
        settings.http().ifPresentOrElse(http -> answered(user, head, UserAnswer.forbidden(), http), user::reset);
    }

    /** What a port of type udp has. */
    UdpSettings udp() {
        return settings.udp().orElse(UdpSettings.DEFAULT);
    }

    /** How many bytes may answer a user's byte; 0 for any number. */
    int replyLimit() {
        return udp().replyLimit();
    }

    /** Where the datagrams of a port of type udp are counted. */
    public DatagramTotals datagrams() {
        return kept.datagrams;
    }

    /** A user came to nothing, by a short key that is none of {@link PortRefusal}. */
    void turnedAway(String why) {
        kept.turnedAway.computeIfAbsent(why, any -> new LongAdder()).increment();
    }

    /** What the access log has to know of a request. */
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

    /** Answers a user of HTTP in place of the target. On the loop that has it. */
    void answer(UserConnection user, FirstHead head, UserAnswer answer) {
        settings.http().ifPresentOrElse(http -> answered(user, head, answer, http), user::reset);
    }

    private RequestTotals requests(EventLoop loop) {
        return kept.requests.computeIfAbsent(loop, any -> new RequestTotals());
    }

    /** Counts the streams that are carried on a loop. */
    public StreamTotals totals(EventLoop loop) {
        return streams.on(
                loop, () -> StreamTotals.ofPort(name, target, settings.range().isPresent(), denial));
    }

    /** Whether streams are counted there, and so have come by this route. */
    public boolean counts(StreamTotals where) {
        return streams.has(where);
    }

    /** What its own streams have come to, without what was counted before it. */
    public StreamCounts counts() {
        return streams.counts();
    }

    /** For whatever users who come while there can be no stream make it say. */
    public LogLimit refusals() {
        return refusals;
    }

    /** What the remote is told of a user's stream. */
    public Open open(long identity, UserConnection user) {
        return open(
                identity,
                user.userText(),
                user.exposed(),
                settings.proxyProtocol().map(version -> Opaque.of(header(version, identity, user))));
    }

    /** What the remote is told of a user's datagrams. */
    public Open open(long identity, InetSocketAddress user, InetSocketAddress exposed) {
        return open(
                identity,
                Sockets.text(user),
                exposed,
                settings.proxyProtocol()
                        .map(version -> Opaque.of(ProxyHeader.ofDatagrams(
                                new ProxyHeader.Addresses(user, exposed), Identity.format(identity)))));
    }

    private Open open(long identity, String user, SocketAddress exposed, Optional<Opaque> firstBytes) {
        return new Open(
                identity,
                settings.targetPort(exposed),
                settings.targetHost(),
                Optional.of(user),
                Optional.of(Sockets.text(exposed)),
                Optional.of(transport()),
                Optional.empty(),
                firstBytes);
    }

    private static byte[] header(ProxyHeader.Version version, long identity, UserConnection user) {
        Optional<ProxyHeader.Addresses> addresses = user.addresses();
        return version == ProxyHeader.Version.V1
                ? ProxyHeader.v1(addresses)
                : ProxyHeader.v2(
                        addresses,
                        user.secure() ? Optional.of(ALPN) : Optional.empty(),
                        user.authority().filter(name -> name.length() <= MAX_DNS_NAME),
                        Identity.format(identity));
    }

    /** Whether the remote has to write something to the target that is not the user's. */
    public boolean needsFirstBytes() {
        return settings.proxyProtocol().isPresent();
    }

    /**
     * How a user's bytes are read.
     *
     * @param user on the loop of its tunnel
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

    /** Whether users are asked who they are, so that the head of the first request is wanted. */
    boolean asks() {
        return door.isPresent();
    }

    /**
     * Lets a user on, or answers it. On the loop that has it.
     *
     * @param admitted gets which of its further requests may go on without being asked again
     */
    void admit(UserConnection user, FirstHead head, Consumer<RouteMatch> admitted) {
        door.ifPresentOrElse(there -> there.admit(user, head, admitted), () -> admitted.accept(RouteMatch.ALL));
    }

    /** Counts a user of datagrams who is refused. */
    public void refused(PortRefusal why) {
        Objects.requireNonNull(kept.refused.get(why)).increment();
    }

    /** Refuses a user ahead of a stream. On the loop that has it. */
    public void refuse(UserConnection user, PortRefusal why) {
        refused(why);
        answerLate(user, UserAnswer.of(why));
    }

    /** Answers a user of HTTP whose request may still have to come; others are reset. */
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

    /** A target's answer did not pass, and its user was told so. */
    private void badAnswer(String why) {
        badAnswers.log(log, Level.WARN, "port {} of remote {}: target {}: {}", name, remoteName, target, why);
    }

    private String transport() {
        if (settings.udp().isPresent()) {
            return Open.UDP;
        }
        return settings.http().isPresent() ? "http" : "tcp";
    }

    /** From now on users are refused, as a quota is used up, or they are not. Returns whether that is something else than before. */
    public boolean useUp(boolean now) {
        return kept.usedUp.getAndSet(now) != now;
    }

    /** Whether users are refused because a quota is used up. */
    public boolean isUsedUp() {
        return kept.usedUp.get();
    }

    /** Whether streams that came by it, or by those before it, go on. */
    public boolean isUsed() {
        return kept.former.countsWith(streams).live() > 0;
    }

    /** What it and those before it have come to. */
    public Tally tally() {
        StreamCounts counts = kept.former.countsWith(streams);
        long users = kept.refused.values().stream().mapToLong(LongAdder::sum).sum()
                + kept.turnedAway.values().stream().mapToLong(LongAdder::sum).sum();
        return new Tally(
                kept.counter,
                new UsageKey(remoteName, name),
                new Amounts(counts.bytesIn(), counts.bytesOut(), counts.opened(), users));
    }

    /**
     * What it is like now.
     *
     * @param trouble why users cannot connect; empty when they can
     * @param tunnels those of the remote that are up
     */
    public PortView view(Optional<String> trouble, List<TunnelView> tunnels) {
        Map<String, Long> refusedByKey = new HashMap<>();
        kept.refused.forEach((why, count) -> {
            if (count.sum() > 0) {
                refusedByKey.put(why.key(), count.sum());
            }
        });
        kept.turnedAway.forEach((why, count) -> refusedByKey.put(why, count.sum()));
        return new PortView(
                name,
                transport(),
                remoteName,
                target,
                trouble,
                refusing(tunnels),
                denial.at(),
                kept.former.countsWith(streams),
                kept.former.delaysWith(streams),
                false,
                refusedByKey,
                RequestCounts.sum(kept.requests.values().stream()
                        .map(RequestTotals::counts)
                        .toList()),
                settings.udp().isPresent() ? kept.datagrams.counts() : DatagramCounts.NONE);
    }

    /** Why a user who comes now would be reset at once; as {@link UserDispatch} decides it. */
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
