package io.portproxy.manage;

import java.util.List;
import java.util.Optional;

/**
 * One exposed port as a person describes it: nothing in it is resolved, nor need it be right.
 *
 * @param name what it is called, once in its remote
 * @param enabled whether users are carried; otherwise the address stays bound and they are reset
 * @param type {@code tcp}, {@code http} or {@code udp}
 * @param bind where users connect, {@code host:port}, or a port alone for 127.0.0.1
 * @param remote the target as the remote sees it, a port or {@code host:port}
 * @param hostHeader what becomes of Host in requests; empty for the default
 * @param forwardedHeaders whether requests tell the target where they came from; empty for the default
 * @param trustedProxies addresses and ranges whose Forwarded headers are kept
 * @param maxRequestHead the longest request head, as in {@code 32KB}; empty for the default
 * @param http what else is done with requests and answers
 * @param users what is done with users who connect
 * @param udp what else is done with datagrams
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
        UsersDefinition users,
        UdpDefinition udp) {

    public PortDefinition {
        trustedProxies = List.copyOf(trustedProxies);
        http = http == null ? HttpDefinition.NONE : http;
        users = users == null ? UsersDefinition.NONE : users;
        udp = udp == null ? UdpDefinition.NONE : udp;
    }

    /** What a port is called that has no name. */
    public static String nameOf(String type, String bind) {
        return type.equals("udp") ? bind + "-udp" : bind;
    }

    /** One of type tcp or http. */
    public PortDefinition(
            String name,
            boolean enabled,
            String type,
            String bind,
            String remote,
            Optional<String> hostHeader,
            Optional<String> forwardedHeaders,
            List<String> trustedProxies,
            Optional<String> maxRequestHead,
            HttpDefinition http) {
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
                http,
                UsersDefinition.NONE,
                UdpDefinition.NONE);
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
                UsersDefinition.NONE,
                UdpDefinition.NONE);
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
                users,
                udp);
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
                other,
                udp);
    }

    /** The same, with {@link HttpDefinition#HIDDEN} for each secret. */
    public PortDefinition withoutSecrets() {
        return withHttp(http.withoutSecrets());
    }
}
