package io.portproxy.server.exposed.gateway;

import io.portproxy.http.HostPattern;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The record of who has which host at which gateway. A host whose TLS goes to the target unchanged has all paths, so no
 * other host of the same name is possible.
 *
 * @param <O> an owner
 */
public final class HostClaims<O> {
    private record Claim<O>(O owner, boolean passthrough) {}

    private final Map<String, Claim<O>> byAddress = new HashMap<>(); // by gateway, host and path
    private final Map<String, Claim<O>> byHost = new HashMap<>(); // by gateway and host; the first claim

    /**
     * Claims a host, if the gateway has it.
     *
     * @return the owner that has the host already
     */
    public Optional<O> claim(String gateway, HostSettings host, O owner) {
        return host.isOn(gateway)
                ? claim(gateway, host.host(), host.path(), host.isPassthrough(), owner)
                : Optional.empty();
    }

    /**
     * Claims a host without its settings.
     *
     * @param passthrough whether its TLS goes to the target unchanged
     * @return the owner that has the host already
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
