package io.portproxy.admin.manage;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.portproxy.manage.HostDefinition;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import java.util.Optional;

/**
 * A host name at gateways, or some of its paths, that leads to a remote, as it is configured.
 *
 * @param host the name: one, such as {@code app.example.com}, all below one, such as {@code *.example.com}, or
 *     {@code *} for every other name
 * @param path the prefix of the paths: {@code /api} means {@code /api} and everything below it. Default: /
 * @param gateways the names of the gateways that have it; without it all
 * @param enabled whether users may connect; otherwise they get 503. Default: true
 * @param tls where TLS ends: {@code terminate}, at the gateway, or {@code passthrough}, at the target. Default:
 *     terminate
 * @param remote the target: its port at 127.0.0.1 of the remote, or its host:port as the remote sees it
 * @param hostHeader the Host of requests: {@code preserve}, {@code rewrite}, or a literal value
 * @param forwardedHeaders whether requests tell the target where they came from: {@code add} or {@code none}
 * @param trustedProxies addresses and ranges whose Forwarded headers are kept
 * @param maxRequestHead the longest request head, such as {@code 32KB}
 * @param responseTimeout how long the target may take until its answer begins, such as {@code 30s}; without it there is
 *     no limit
 * @param headers which header fields are changed; without it none
 * @param hsts tells browsers to use only HTTPS; without it, PortProxy does not tell them
 * @param auth who may send requests; without it anybody
 * @param access which users may connect, by their addresses; without it the remote's list applies
 * @param proxyProtocol the version of the PROXY protocol with which the remote tells the target the user's address:
 *     {@code v1} or {@code v2}; without it none
 * @param quota how many bytes may pass; without it there is no limit
 * @param limits the limits for all its users together; without it none
 * @param holdWhileAway how long a user waits for the remote while it is away, such as {@code 5s}; without it, the
 *     remote's value applies
 */
@Schema(name = "RemoteHost")
@JsonInclude(JsonInclude.Include.NON_ABSENT)
record HostBody(
        @Schema(requiredMode = Schema.RequiredMode.REQUIRED) String host,
        String path,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) List<String> gateways,
        boolean enabled,
        String tls,
        @Schema(requiredMode = Schema.RequiredMode.REQUIRED) String remote,
        Optional<String> hostHeader,
        Optional<String> forwardedHeaders,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) List<String> trustedProxies,
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

    /** Returns the body for a definition, without secrets. */
    static HostBody of(HostDefinition host) {
        return whole(host.withoutSecrets());
    }

    /** Returns the body for a definition, with secrets. */
    static HostBody whole(HostDefinition host) {
        return new HostBody(
                host.host(),
                host.path(),
                host.gateways(),
                host.enabled(),
                host.tls(),
                host.remote(),
                host.http().hostHeader(),
                host.http().forwardedHeaders(),
                host.http().trustedProxies(),
                host.http().maxRequestHead(),
                host.http().responseTimeout(),
                HttpJson.headers(host.http()),
                HttpJson.hsts(host.http()),
                HttpJson.auth(host.http()),
                AccessBody.of(host.users().access()),
                host.users().proxyProtocol(),
                QuotaBody.of(host.users().quota()),
                LimitsBody.of(host.users().limits()),
                host.users().holdWhileAway());
    }
}
