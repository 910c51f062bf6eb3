package io.portproxy.server;

import io.portproxy.http.HttpRequestRewriter;
import io.portproxy.http.HttpRewriteSettings;
import io.portproxy.net.EventLoop;
import io.portproxy.net.ListenException;
import io.portproxy.net.Listener;
import io.portproxy.net.LogLimit;
import io.portproxy.net.Sockets;
import io.portproxy.protocol.Open;
import io.portproxy.tunnel.stream.StreamInput;
import io.portproxy.tunnel.telemetry.StreamCounts;
import io.portproxy.tunnel.telemetry.StreamDelays;
import io.portproxy.tunnel.telemetry.StreamTotals;
import io.portproxy.tunnel.telemetry.TunnelView;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/** A port that users connect to. On its remote's loop. */
final class ExposedPort {
    private static final Logger log = LoggerFactory.getLogger(ExposedPort.class);

    /** A request refused behind others that the target has not answered waits so long for their responses. */
    private static final Duration HTTP_REFUSAL_TIMEOUT = Duration.ofSeconds(5);

    /** Users who were reset at once, and answers that did not pass, that are logged in ten seconds. */
    private static final int REFUSALS_LOGGED = 1;

    private final PortSettings settings;
    private final Listener listener;
    private final String bound;
    private final String remoteName;
    private final String target;
    private final LogLimit refusals;
    private final LogLimit badAnswers;
    private final Map<EventLoop, StreamTotals> totals = new ConcurrentHashMap<>(); // each written by its loop
    private final Map<PortRefusal, LongAdder> refused = new EnumMap<>(PortRefusal.class);

    private ExposedPort(PortSettings settings, Remote remote) throws ListenException {
        this.settings = settings;
        this.remoteName = remote.name();
        this.target = target(settings);
        this.refusals = new LogLimit(remote.loop()::nanoTime, REFUSALS_LOGGED);
        this.badAnswers = new LogLimit(remote.loop()::nanoTime, REFUSALS_LOGGED);
        for (PortRefusal why : PortRefusal.values()) {
            refused.put(why, new LongAdder());
        }
        this.listener = Listener.bind(settings.bind(), remote.loop(), user -> remote.accepted(user, this));
        this.bound = Sockets.text(listener.address());
    }

    static ExposedPort bind(PortSettings settings, Remote remote) throws ListenException {
        return new ExposedPort(settings, remote);
    }

    PortSettings settings() {
        return settings;
    }

    InetSocketAddress address() {
        return listener.address();
    }

    /** The address, as people see it. */
    String bound() {
        return bound;
    }

    /** The target as the remote sees it. */
    String target() {
        return target;
    }

    /** For whatever users who come while there can be no stream make it say. */
    LogLimit refusals() {
        return refusals;
    }

    /** Whether users can connect. Any thread. */
    boolean isListening() {
        return listener.isOpen();
    }

    void start() {
        listener.start();
    }

    void close() {
        listener.close();
    }

    /** Counts the streams of this port that are carried on a loop. */
    StreamTotals totals(EventLoop loop) {
        return totals.computeIfAbsent(loop, any -> StreamTotals.ofPort(bound, target));
    }

    /** Counts a user who was reset at once. Any thread. */
    void countRefused(PortRefusal why) {
        Objects.requireNonNull(refused.get(why)).increment();
    }

    /**
     * What the port is like now. Any thread.
     *
     * @param tunnels those of the remote that are up
     */
    PortView view(List<TunnelView> tunnels) {
        Map<String, Long> refusals = new HashMap<>();
        refused.forEach((why, count) -> {
            if (count.sum() > 0) {
                refusals.put(why.key(), count.sum());
            }
        });
        return new PortView(
                bound,
                transport(),
                remoteName,
                target,
                listener.trouble(),
                refusing(tunnels),
                StreamCounts.sum(totals.values()),
                StreamDelays.sum(
                        totals.values().stream().map(StreamTotals::delays).toList()),
                refusals);
    }

    /** Why a user who comes now would be reset at once; as {@link Remote#accepted} decides it. */
    private Optional<PortRefusal> refusing(List<TunnelView> tunnels) {
        List<TunnelView> available =
                tunnels.stream().filter(TunnelView::available).toList();
        if (tunnels.isEmpty()) {
            return Optional.of(PortRefusal.REMOTE_AWAY);
        } else if (available.isEmpty()) {
            return Optional.of(PortRefusal.LIMIT);
        }
        boolean classic = available.stream().allMatch(tunnel -> tunnel.dialect().equals("classic"));
        return classic && settings.targetHost().isPresent() ? Optional.of(PortRefusal.DIALECT) : Optional.empty();
    }

    private String transport() {
        return settings.http().isPresent() ? "http" : "tcp";
    }

    private static String target(PortSettings settings) {
        return Sockets.text(settings.targetHost().orElse("127.0.0.1"), settings.targetPort());
    }

    /**
     * What the remote is told of a user's stream.
     *
     * @throws IOException the user is gone
     */
    Open open(long identity, SocketChannel user) throws IOException {
        return new Open(
                identity,
                settings.targetPort(),
                settings.targetHost(),
                Optional.of(Sockets.text((InetSocketAddress) user.getRemoteAddress())),
                Optional.of(Sockets.text((InetSocketAddress) user.getLocalAddress())),
                Optional.of(transport()),
                Optional.empty());
    }

    /**
     * How a user's bytes are read.
     *
     * @param loop the loop of the user's tunnel
     * @throws IOException the user is gone
     */
    StreamInput input(EventLoop loop, SocketChannel user) throws IOException {
        HttpRewriteSettings http = settings.http().orElse(null);
        if (http == null) {
            return StreamInput.PLAIN;
        }
        InetSocketAddress exposed = (InetSocketAddress) user.getLocalAddress();
        InetAddress address = ((InetSocketAddress) user.getRemoteAddress()).getAddress();
        return new HttpStreamInput(
                loop, new HttpRequestRewriter(http, exposed, address), HTTP_REFUSAL_TIMEOUT, this::badAnswer);
    }

    /** A target's answer did not pass, and its user was told so. */
    private void badAnswer(String why) {
        badAnswers.log(log, Level.WARN, "port {} of remote {}: target {}: {}", bound, remoteName, target, why);
    }

    @Override
    public String toString() {
        return "port " + bound;
    }
}
