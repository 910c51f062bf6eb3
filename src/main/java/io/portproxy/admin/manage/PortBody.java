package io.portproxy.admin.manage;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.portproxy.manage.PortDefinition;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import java.util.Optional;

/**
 * An exposed port of a remote, as it is configured.
 *
 * @param name the port's name, unique in its remote; a new port without a name is named after {@code bind}
 * @param enabled whether users may connect; a disabled port stays bound and resets them. Default: true
 * @param type {@code tcp}, {@code http} or {@code udp}. Default: tcp
 * @param bind where users connect: host:port, [v6]:port, or a bare port for 127.0.0.1; port 0 takes any free port; or a
 *     unix socket of the server, such as {@code unix:/run/portproxy/app.sock|0660}, with its mode
 * @param remote the target: its port at 127.0.0.1 of the remote, or its host:port as the remote sees it
 * @param hostHeader the Host of requests, only for type http: {@code preserve}, {@code rewrite}, or a literal value
 * @param forwardedHeaders whether requests tell the target where they came from, only for type http: {@code add} or
 *     {@code none}
 * @param trustedProxies addresses and ranges whose Forwarded headers are kept, only for type http
 * @param maxRequestHead the longest request head, only for type http, such as {@code 32KB}
 * @param responseTimeout how long the target may take until its answer begins, such as {@code 30s}, only for type http;
 *     without it there is no limit
 * @param headers which header fields are changed, only for type http; without it none
 * @param hsts tells browsers to use only HTTPS, only for type http; without it, PortProxy does not tell them
 * @param auth who may send requests, only for type http; without it anybody
 * @param access which users may connect, by their addresses; without it the remote's list applies
 * @param proxyProtocol the version of the PROXY protocol with which the remote tells the target the user's address:
 *     {@code v1} or {@code v2}; without it none
 * @param acceptProxyProtocol addresses and ranges from which connections must begin with a header of the PROXY
 *     protocol, which contains the user's address; without it none
 * @param idleTimeout how long a session may be without a datagram, only for type udp. Default: 2m
 * @param maxSessions how many sessions at a time, only for type udp. Default: 4096
 * @param maxSessionsPerUser how many sessions at a time for one user's address, only for type udp. Default: 64
 * @param replyLimit how many bytes may answer each byte of a user, only for type udp. Default: no limit
 * @param quota how many bytes may pass; without it there is no limit
 * @param limits the limits for all its users together; without it none
 * @param holdWhileAway how long a user waits for the remote while it is away, such as {@code 5s}; without it, the
 *     remote's value applies
 */
@Schema(name = "RemotePort")
@JsonInclude(JsonInclude.Include.NON_ABSENT)
record PortBody(
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

    /** Returns the body for a definition, without secrets. */
    static PortBody of(PortDefinition port) {
        return whole(port.withoutSecrets());
    }

    /** Returns the body for a definition, with secrets. */
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
