package io.portproxy.manage;

import java.util.List;
import java.util.Optional;

/**
 * One exposed port as a person describes it: nothing in it is resolved, nor need it be right.
 *
 * @param name what it is called, once in its remote
 * @param enabled whether users are carried; otherwise the address stays bound and they are reset
 * @param type {@code tcp} or {@code http}
 * @param bind where users connect, {@code host:port}, or a port alone for 127.0.0.1
 * @param remote the target as the remote sees it, a port or {@code host:port}
 * @param hostHeader what becomes of Host in requests; empty for the default
 * @param forwardedHeaders whether requests tell the target where they came from; empty for the default
 * @param trustedProxies addresses and ranges whose Forwarded headers are kept
 * @param maxRequestHead the longest request head, as in {@code 32KB}; empty for the default
 */
public record PortDefinition(
        String name,
        boolean enabled,
        String type,
        String bind,
        String remote,
        Optional<String> hostHeader,
        Optional<String> forwardedHeaders,
        List<String> trustedProxies,
        Optional<String> maxRequestHead) {

    public PortDefinition {
        trustedProxies = List.copyOf(trustedProxies);
    }
}
