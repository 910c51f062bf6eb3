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

/**
 * The decision which tunnels may have a remote's name. It also remembers when tokens were proved, and which greeting
 * was refused last. On the remote's loop, unless a method says otherwise.
 */
final class TunnelAdmission {
    private static final Logger log = LoggerFactory.getLogger(TunnelAdmission.class);

    private static final String DISABLED = "the remote is disabled";
    private static final String REVOKED = "the remote's token is not valid any more";

    private final Supplier<RemoteSettings> settings;
    private final RemoteTunnels tunnels;
    private final EventLoop loop;
    private final RemoteEvents events;
    private final NameConflict conflict;
    // only of the remote's current tokens
    private final Map<TokenVerifier, Instant> lastProved = new ConcurrentHashMap<>();
    private volatile @Nullable LastRefusal lastRefusal;
    private Optional<Reject> closed = Optional.empty(); // present once no tunnel is admitted any more

    /**
     * @param settings returns the current settings of the remote
     * @param tunnels the tunnels of the remote
     * @param loop the remote's loop
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
        this.conflict = new NameConflict(name);
    }

    /** Returns why a tunnel may not have the name. If it may, returns empty and records that its token was proved. */
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

    /**
     * Returns why a tunnel may not stay: no tunnel is admitted any more, the remote is disabled, or the tunnel's token
     * is not valid. Empty if it may stay.
     */
    Optional<Reject> denied(RemoteTunnel tunnel) {
        return closed.or(() -> denied(tunnel.token()));
    }

    /** Returns a refusal if the remote is disabled, or if the token was revoked after it was proved. */
    private Optional<Reject> denied(Optional<TokenVerifier> token) {
        RemoteSettings now = settings.get();
        if (!now.enabled()) {
            return Optional.of(new Reject(Reason.DENIED, false, DISABLED));
        }
        List<TokenVerifier> tokens = now.tokens();
        boolean allowed = tokens.isEmpty() || tokens.contains(token.orElse(TokenVerifier.NONE));
        return allowed ? Optional.empty() : Optional.of(new Reject(Reason.DENIED, false, REVOKED));
    }

    /** During a quarrel, refuses a new tunnel that would take the name from another instance too early. */
    private Optional<Reject> waitInQuarrel(RemoteTunnel fresh) {
        Optional<RemoteTunnel> holder = tunnels.rival(fresh);
        long now = loop.nanoTime();
        if (holder.isEmpty()) {
            if (tunnels.isEmpty()) {
                conflict.found(now);
            }
            return Optional.empty();
        }
        Optional<Reject> refusal =
                conflict.keepOut(fresh.contender(), holder.get().contender(), now);
        if (refusal.isEmpty()) {
            conflict.taken(fresh.contender(), holder.get().contender(), now).ifPresent(this::warnOfQuarrel);
        }
        return refusal;
    }

    private void warnOfQuarrel(String text) {
        String line = "{}; from now on, each keeps it for at least {}";
        events.logFields()
                .andReason(Reason.REPLACED.key())
                .log(() -> log.warn(line, text, Durations.text(NameConflict.HOLD)));
    }

    /** Admits no tunnel from now on. */
    void close(Reject why) {
        closed = Optional.of(why);
    }

    boolean isClosed() {
        return closed.isPresent();
    }

    /** Removes the times of tokens that the remote does not have any more. Any thread. */
    void retainTokens(List<TokenVerifier> tokens) {
        lastProved.keySet().retainAll(tokens);
    }

    /** When the remote last proved a token; empty if it has not since the start. Any thread. */
    Optional<Instant> lastProved(TokenVerifier token) {
        return Optional.ofNullable(lastProved.get(token));
    }

    /** Records that a greeting with the name was refused. Any thread. */
    void refused(String peerAddress, String why) {
        lastRefusal = new LastRefusal(Instant.now(), peerAddress, why);
    }

    /** The last refused greeting with the name. Any thread. */
    Optional<LastRefusal> lastRefusal() {
        return Optional.ofNullable(lastRefusal);
    }
}
