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

/** When tokens of remotes of the store were used, by what the server has seen since the start and what the store knows of before. */
final class TokenUse {
    private static final Logger log = LoggerFactory.getLogger(TokenUse.class);

    private final ProxyServer server;
    private final RemoteStore store;
    private final Supplier<Plan> plan;
    private final Map<String, Instant> kept = new HashMap<>(); // by the thread that keeps them

    /** @param plan what is exposed now */
    TokenUse(ProxyServer server, RemoteStore store, Supplier<Plan> plan) {
        this.server = server;
        this.store = store;
        this.plan = plan;
    }

    /** When a remote last proved a token; empty if none has, or if it is not known. Any thread. */
    Optional<Instant> last(String remote, RemoteToken token) {
        return server.lastProved(remote, token.verifier())
                .or(() -> Optional.ofNullable(store.lastUsed().get(token.id())));
    }

    /** Has the store keep it, as far as it does not know yet. To be called now and then, by one thread. */
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
                kept.keySet().removeAll(fresh.keySet()); // the next time
                log.debug("when tokens were used could not be kept", e);
            }
        }
    }
}
