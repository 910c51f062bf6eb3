package io.portproxy.admin.manage;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.portproxy.manage.PortDefinition;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import java.util.Optional;

/**
 * An exposed port of a remote, as it is configured.
 *
 * @param name what the port is called, once in its remote; when it is added without one, what {@code bind} says
 * @param enabled whether users are carried; a port that is disabled stays bound and resets them. Default: true
 * @param type {@code tcp} or {@code http}. Default: tcp
 * @param bind where users connect: host:port, [v6]:port, or a bare port for 127.0.0.1; port 0 takes any free port
 * @param remote the target: its port at 127.0.0.1 of the remote, or its host:port as the remote sees it
 * @param hostHeader what becomes of Host in requests, for type http alone: {@code preserve}, {@code rewrite}, or a literal value
 * @param forwardedHeaders whether requests tell the target where they came from, for type http alone: {@code add} or {@code none}
 * @param trustedProxies addresses and ranges whose Forwarded headers are kept, for type http alone
 * @param maxRequestHead the longest request head, for type http alone, as in {@code 32KB}
 * @param responseTimeout how long the target may take until its answer begins, as in {@code 30s}, for type http alone; without it any time
 * @param headers which fields of heads are changed, for type http alone; without it none
 * @param hsts how browsers are kept from plain HTTP, for type http alone; without it they are not
 * @param auth who may send requests, for type http alone; without it anybody
 * @param access which users may connect, by their addresses; without it as the remote has it
 * @param proxyProtocol how the remote tells the target who the user is, ahead of all else: {@code v1} or {@code v2} of the PROXY protocol; without
 *     it not
 * @param acceptProxyProtocol addresses and ranges from which connections begin with a header of the PROXY protocol, which says where the user
 *     is; without it none
 * @param idleTimeout how long a session may be without a datagram, for type udp alone. Default: 2m
 * @param maxSessions sessions at a time, for type udp alone. Default: 4096
 * @param maxSessionsPerUser those of one user's address, for type udp alone. Default: 64
 * @param replyLimit how many bytes may answer each byte of a user, for type udp alone. Default: any number
 * @param quota how many bytes may pass; without it any number
 * @param limits how much its users together may have; without it any
 * @param holdWhileAway how long a user waits for the remote while it is away, as in {@code 5s}; without it as the remote has it
 */
@Schema(name = "RemotePort")
@JsonInclude(JsonInclude.Include.NON_ABSENT)
public record PortBody(
        String name,
        boolean enabled,
        String type,
        @Schema(requiredMode = Schema.RequiredMode.REQUIRED) String bind,
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
        @JsonInclude(JsonInclude.Include.NON_EMPTY) List<String> acceptProxyProtocol,
        Optional<String> idleTimeout,
        Optional<Integer> maxSessions,
        Optional<Integer> maxSessionsPerUser,
        Optional<Integer> replyLimit,
        Optional<QuotaBody> quota,
        Optional<LimitsBody> limits,
        Optional<String> holdWhileAway) {

    /** What a definition says, without the secrets. */
    public static PortBody of(PortDefinition port) {
        return whole(port.withoutSecrets());
    }

    /** What a definition says. */
    static PortBody whole(PortDefinition port) {
        return new PortBody(
                port.name(),
                port.enabled(),
                port.type(),
                port.bind(),
                port.remote(),
                port.http().hostHeader(),
                port.http().forwardedHeaders(),
                port.http().trustedProxies(),
                port.http().maxRequestHead(),
                port.http().responseTimeout(),
                HttpJson.headers(port.http()),
                HttpJson.hsts(port.http()),
                HttpJson.auth(port.http()),
                AccessBody.of(port.users().access()),
                port.users().proxyProtocol(),
                port.users().acceptProxyProtocol(),
                port.udp().idleTimeout(),
                port.udp().maxSessions(),
                port.udp().maxSessionsPerUser(),
                port.udp().replyLimit(),
                QuotaBody.of(port.users().quota()),
                LimitsBody.of(port.users().limits()),
                port.users().holdWhileAway());
    }
}
