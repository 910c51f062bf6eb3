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
 * @param http what else is done with requests and answers
 * @param users what is done with users who connect
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
        Optional<String> maxRequestHead,
        HttpDefinition http,
        UsersDefinition users) {

    public PortDefinition {
        trustedProxies = List.copyOf(trustedProxies);
        http = http == null ? HttpDefinition.NONE : http;
        users = users == null ? UsersDefinition.NONE : users;
    }

    /** One with which nothing else is done. */
    public PortDefinition(
            String name,
            boolean enabled,
            String type,
            String bind,
            String remote,
            Optional<String> hostHeader,
            Optional<String> forwardedHeaders,
            List<String> trustedProxies,
            Optional<String> maxRequestHead) {
        this(
                name,
                enabled,
                type,
                bind,
                remote,
                hostHeader,
                forwardedHeaders,
                trustedProxies,
                maxRequestHead,
                HttpDefinition.NONE,
                UsersDefinition.NONE);
    }

    /** The same, with something else done. */
    public PortDefinition withHttp(HttpDefinition other) {
        return new PortDefinition(
                name,
                enabled,
                type,
                bind,
                remote,
                hostHeader,
                forwardedHeaders,
                trustedProxies,
                maxRequestHead,
                other,
                users);
    }

    /** The same, with other users. */
    public PortDefinition withUsers(UsersDefinition other) {
        return new PortDefinition(
                name,
                enabled,
                type,
                bind,
                remote,
                hostHeader,
                forwardedHeaders,
                trustedProxies,
                maxRequestHead,
                http,
                other);
    }

    /** The same, with {@link HttpDefinition#HIDDEN} for each secret. */
    public PortDefinition withoutSecrets() {
        return withHttp(http.withoutSecrets());
    }
}
