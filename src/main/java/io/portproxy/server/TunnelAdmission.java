package io.portproxy.server;

import io.portproxy.net.Durations;
import io.portproxy.net.EventLoop;
import io.portproxy.protocol.Reason;
import io.portproxy.protocol.Reject;
import io.portproxy.protocol.TokenVerifier;
import io.portproxy.tunnel.telemetry.RemoteEvents;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Decides which tunnels may have a remote's name, and knows who had it or was refused last. On the remote's loop, where nothing else is said. */
final class TunnelAdmission {
    private static final Logger log = LoggerFactory.getLogger(TunnelAdmission.class);

    private static final String DISABLED = "the remote is disabled";
    private static final String REVOKED = "the remote's token is not valid any more";

    private final Supplier<RemoteSettings> settings;
    private final RemoteTunnels tunnels;
    private final EventLoop loop;
    private final RemoteEvents events;
    private final Quarrel quarrel;
    private final Map<TokenVerifier, Instant> lastProved = new ConcurrentHashMap<>(); // of tokens that it has
    private volatile @Nullable LastRefusal lastRefusal;
    private Optional<Reject> closed = Optional.empty(); // once it lets no tunnel in any more

    /**
     * @param settings what the remote's settings are now
     * @param tunnels those that it has
     * @param loop the remote's
     */
    TunnelAdmission(
            String name,
            Supplier<RemoteSettings> settings,
            RemoteTunnels tunnels,
            EventLoop loop,
            RemoteEvents events) {
        this.settings = settings;
        this.tunnels = tunnels;
        this.loop = loop;
        this.events = events;
        this.quarrel = new Quarrel(name);
    }

    /** Why a tunnel may not have the name; empty: it may, and its token counts as proved now. */
    Optional<Reject> refusal(RemoteTunnel fresh) {
        Optional<Reject> refusal = denied(fresh)
                .or(() -> tunnels.keepOut(fresh.instance(), fresh.index()))
                .or(() -> waitInQuarrel(fresh));
        if (refusal.isEmpty()) {
            fresh.token()
                    .filter(proved -> settings.get().tokens().contains(proved))
                    .ifPresent(proved -> lastProved.put(proved, Instant.now()));
        }
        return refusal;
    }

    /** Why it lets nobody in any more, or none with the tunnel's token; empty: the tunnel may stay. */
    Optional<Reject> denied(RemoteTunnel tunnel) {
        return closed.or(() -> denied(tunnel.token()));
    }

    /** It is disabled, or the token was revoked after it was proved. */
    private Optional<Reject> denied(Optional<TokenVerifier> token) {
        RemoteSettings now = settings.get();
        if (!now.enabled()) {
            return Optional.of(new Reject(Reason.DENIED, false, DISABLED));
        }
        List<TokenVerifier> tokens = now.tokens();
        boolean allowed = tokens.isEmpty() || tokens.contains(token.orElse(TokenVerifier.NONE));
        return allowed ? Optional.empty() : Optional.of(new Reject(Reason.DENIED, false, REVOKED));
    }

    /** A newcomer that would take the name from another instance has to wait where these quarrel. */
    private Optional<Reject> waitInQuarrel(RemoteTunnel fresh) {
        Optional<RemoteTunnel> holder = tunnels.rival(fresh);
        long now = loop.nanoTime();
        if (holder.isEmpty()) {
            if (tunnels.isEmpty()) {
                quarrel.found(now);
            }
            return Optional.empty();
        }
        Optional<Reject> refusal =
                quarrel.keepOut(fresh.contender(), holder.get().contender(), now);
        if (refusal.isEmpty()) {
            quarrel.taken(fresh.contender(), holder.get().contender(), now).ifPresent(this::warnOfQuarrel);
        }
        return refusal;
    }

    private void warnOfQuarrel(String text) {
        String line = "{}; from now on, each keeps it for at least {}";
        events.logFields()
                .andReason(Reason.REPLACED.key())
                .log(() -> log.warn(line, text, Durations.text(Quarrel.HOLD)));
    }

    /** Lets no tunnel in from now on. */
    void close(Reject why) {
        closed = Optional.of(why);
    }

    boolean isClosed() {
        return closed.isPresent();
    }

    /** Forgets when tokens were proved that the remote has not any more. Any thread. */
    void retainTokens(List<TokenVerifier> tokens) {
        lastProved.keySet().retainAll(tokens);
    }

    /** When a token of the remote was proved last; empty if it was not since the start. Any thread. */
    Optional<Instant> lastProved(TokenVerifier token) {
        return Optional.ofNullable(lastProved.get(token));
    }

    /** A greeting with the name was refused before it came here. Any thread. */
    void refused(String peerAddress, String why) {
        lastRefusal = new LastRefusal(Instant.now(), peerAddress, why);
    }

    /** The greeting with the name that was refused last. Any thread. */
    Optional<LastRefusal> lastRefusal() {
        return Optional.ofNullable(lastRefusal);
    }
}
