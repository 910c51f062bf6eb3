package io.portproxy.manage;

import io.portproxy.server.ProxyServer;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The times when tokens of the store's remotes were last used. Combines what the server has seen since its start with what the store knows
 * from before.
 */
final class TokenUse {
    private static final Logger log = LoggerFactory.getLogger(TokenUse.class);

    private final ProxyServer server;
    private final RemoteStore store;
    private final Supplier<Plan> plan;
    private final Map<String, Instant> kept = new HashMap<>(); // only used by the thread that keeps them

    /** @param plan returns the current plan */
    TokenUse(ProxyServer server, RemoteStore store, Supplier<Plan> plan) {
        this.server = server;
        this.store = store;
        this.plan = plan;
    }

    /** Returns when a remote last proved that it has this token; empty if it never did, or if the time is not known. Any thread. */
    Optional<Instant> last(String remote, RemoteToken token) {
        return server.lastProved(remote, token.verifier())
                .or(() -> Optional.ofNullable(store.lastUsed().get(token.id())));
    }

    /** Writes the times that the store does not know yet to the store. Must be called regularly, by one thread. */
    void keep() {
        Plan now = plan.get();
        Map<String, Instant> fresh = new HashMap<>();
        kept.keySet().retainAll(now.tokenIds());
        now.stored()
                .forEach((name, remote) -> remote.tokens()
                        .forEach(token -> server.lastProved(name, token.verifier())
                                .map(time -> time.truncatedTo(ChronoUnit.SECONDS))
                                .filter(time -> !time.equals(kept.put(token.id(), time)))
                                .ifPresent(time -> fresh.put(token.id(), time))));
        if (!fresh.isEmpty()) {
            try {
                store.saveLastUsed(fresh);
            } catch (StoreException e) {
                kept.keySet().removeAll(fresh.keySet()); // so that the next call tries again
                log.debug("when tokens were used could not be kept", e);
            }
        }
    }
}
