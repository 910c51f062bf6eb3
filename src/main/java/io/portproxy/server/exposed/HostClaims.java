package io.portproxy.server.exposed;

import io.portproxy.http.HostPattern;
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
        return host.isOn(gateway)
                ? claim(gateway, host.host(), host.path(), host.isPassthrough(), owner)
                : Optional.empty();
    }

    /**
     * Claims a host of which no more is known than that.
     *
     * @param passthrough whether its TLS goes to the target as it is
     * @return who has it already
     */
    public Optional<O> claim(String gateway, HostPattern host, String path, boolean passthrough, O owner) {
        Claim<O> claim = new Claim<>(owner, passthrough);
        String name = gateway + " " + host.text();
        Claim<O> beside = byHost.putIfAbsent(name, claim);
        Claim<O> same = byAddress.put(name + path, claim);
        if (same != null) {
            return Optional.of(same.owner());
        }
        return beside != null && (beside.passthrough() || passthrough) ? Optional.of(beside.owner()) : Optional.empty();
    }
}
