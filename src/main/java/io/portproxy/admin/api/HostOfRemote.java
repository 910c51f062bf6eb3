package io.portproxy.admin.api;

import io.portproxy.admin.manage.AccessBody;
import io.portproxy.admin.manage.HttpJson;
import io.portproxy.admin.manage.LimitsBody;
import io.portproxy.admin.manage.QuotaBody;
import io.portproxy.manage.HostDefinition;
import io.portproxy.manage.HttpDefinition;
import io.portproxy.server.exposed.gateway.HostView;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import java.util.Optional;

/**
 * A host of the remote, as it is configured, or as the remote has asked for it.
 *
 * @param host the name, as it was written
 * @param path the beginning of the paths that this host covers
 * @param origin {@code configured}, or {@code granted}: the remote has asked for it
 * @param gateways the names of the gateways that have it; empty for all
 * @param enabled whether users may connect
 * @param tls where TLS ends: {@code terminate}, at the gateway, or {@code passthrough}, at the target
 * @param remote the target, as it was written
 * @param urls the addresses at which users reach it, https before http; empty if it covers many names, or cannot be
 *     reached
 * @param hostHeader what becomes of Host in requests; null for the default
 * @param forwardedHeaders whether requests tell the target where they came from; null for the default
 * @param trustedProxies addresses and ranges whose Forwarded headers are kept
 * @param maxRequestHead the longest request head; null for the default
 * @param responseTimeout how long the target may take until its answer begins; null for no limit
 * @param headers which header fields are changed; null for none
 * @param hsts how browsers are kept from plain HTTP; null if they are not
 * @param auth who may send requests; null for anybody
 * @param access which users may connect, by their addresses; null if the remote's list applies
 * @param proxyProtocol how the remote tells the target the user's address, before all other bytes: {@code v1} or
 *     {@code v2} of the PROXY protocol; null if it does not
 * @param quota how many bytes may pass; null for no limit
 * @param limits the limits for all its users together; null for none
 * @param holdWhileAway how long a user waits for the remote while it is away; null if the remote's value applies
 */
@Schema(name = "HostOfRemote")
record HostOfRemote(
        String host,
        String path,
        String origin,
        List<String> gateways,
        boolean enabled,
        String tls,
        String remote,
        List<String> urls,
        Optional<String> hostHeader,
        Optional<String> forwardedHeaders,
        List<String> trustedProxies,
        Optional<String> maxRequestHead,
        Optional<String> responseTimeout,
        Optional<HttpJson.Headers> headers,
        Optional<HttpJson.Hsts> hsts,
        Optional<HttpJson.Auth> auth,
        Optional<AccessBody> access,
        Optional<String> proxyProtocol,
        Optional<QuotaBody> quota,
        Optional<LimitsBody> limits,
        Optional<String> holdWhileAway) {
    /** Returns a host that the remote has asked for. */
    static HostOfRemote granted(HostView host) {
        HostDefinition wish = new HostDefinition(
                host.address(), HostDefinition.ALL_PATHS, List.of(), true, HostDefinition.TERMINATE, host.target());
        return of(Origin.GRANTED, wish, host.urls());
    }

    /** Returns a configured host. */
    static HostOfRemote of(HostDefinition host, List<String> urls) {
        return of(Origin.CONFIGURED, host, urls);
    }

    private static HostOfRemote of(Origin origin, HostDefinition host, List<String> urls) {
        HttpDefinition http = host.http().withoutSecrets();
        return new HostOfRemote(
                host.host(),
                host.path(),
                origin.key(),
                host.gateways(),
                host.enabled(),
                host.tls(),
                host.remote(),
                urls,
                http.hostHeader(),
                http.forwardedHeaders(),
                http.trustedProxies(),
                http.maxRequestHead(),
                http.responseTimeout(),
                HttpJson.headers(http),
                HttpJson.hsts(http),
                HttpJson.auth(http),
                AccessBody.of(host.users().access()),
                host.users().proxyProtocol(),
                QuotaBody.of(host.users().quota()),
                LimitsBody.of(host.users().limits()),
                host.users().holdWhileAway());
    }
}
