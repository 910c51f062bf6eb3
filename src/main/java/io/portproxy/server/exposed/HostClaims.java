package io.portproxy.server.exposed;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Who has which host at which gateway. A host whose TLS goes to the target as it is has all paths, so that no other can have one.
 *
 * @param <O> an owner
 */
public final class HostClaims<O> {
    private record Claim<O>(O owner, boolean passthrough) {}

    private final Map<String, Claim<O>> byAddress = new HashMap<>(); // by gateway, host and path
    private final Map<String, Claim<O>> byHost = new HashMap<>(); // by gateway and host; the first

    /**
     * Claims a host, if it is on the gateway.
     *
     * @return who has it already
     */
    public Optional<O> claim(String gateway, HostSettings host, O owner) {
        if (!host.isOn(gateway)) {
            return Optional.empty();
        }
        Claim<O> claim = new Claim<>(owner, host.isPassthrough());
        Claim<O> beside = byHost.putIfAbsent(gateway + " " + host.host().text(), claim);
        Claim<O> same = byAddress.put(gateway + " " + host.address(), claim);
        if (same != null) {
            return Optional.of(same.owner());
        }
        return beside != null && (beside.passthrough() || claim.passthrough())
                ? Optional.of(beside.owner())
                : Optional.empty();
    }
}
