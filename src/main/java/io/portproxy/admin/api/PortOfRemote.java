package io.portproxy.admin.api;

import io.portproxy.admin.manage.AccessBody;
import io.portproxy.admin.manage.HttpJson;
import io.portproxy.admin.manage.LimitsBody;
import io.portproxy.admin.manage.QuotaBody;
import io.portproxy.manage.HttpDefinition;
import io.portproxy.manage.PortDefinition;
import io.portproxy.server.exposed.PortView;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import java.util.Optional;

/**
 * A port of the remote, as it is configured, or as the remote has asked for it.
 *
 * @param name the port's name
 * @param origin {@code configured}, or {@code granted}: the remote has asked for it
 * @param enabled whether users may connect
 * @param type {@code tcp}, {@code http} or {@code udp}
 * @param bind where users connect, as it was written
 * @param remote the target, as it was written
 * @param address the address that users connect to; null if it is not open
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
 * @param acceptProxyProtocol addresses and ranges from which connections must begin with a header of the PROXY
 *     protocol, which contains the user's address; empty for none
 * @param idleTimeout how long a session of type udp may be without a datagram; null for the default
 * @param maxSessions sessions of type udp at a time; null for the default
 * @param maxSessionsPerUser sessions of type udp at a time from one user's address; null for the default
 * @param replyLimit how many bytes may answer each byte of a user, of type udp; null for no limit
 * @param quota how many bytes may pass; null for no limit
 * @param limits the limits for all its users together; null for none
 * @param holdWhileAway how long a user waits for the remote while it is away; null if the remote's value applies
 */
@Schema(name = "PortOfRemote")
record PortOfRemote(
        String name,
        String origin,
        boolean enabled,
        String type,
        String bind,
        String remote,
        Optional<String> address,
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
        List<String> acceptProxyProtocol,
        Optional<String> idleTimeout,
        Optional<Integer> maxSessions,
        Optional<Integer> maxSessionsPerUser,
        Optional<Integer> replyLimit,
        Optional<QuotaBody> quota,
        Optional<LimitsBody> limits,
        Optional<String> holdWhileAway) {

    /** Returns a port that the remote has asked for. */
    static PortOfRemote granted(PortView port) {
        PortDefinition wish = new PortDefinition(port.bind(), true, port.type(), port.bind(), port.target());
        return of(Origin.GRANTED, wish, Optional.of(port.bind()).filter(bind -> port.listening()));
    }

    /** Returns a configured port. */
    static PortOfRemote of(PortDefinition port, Optional<String> address) {
        return of(Origin.CONFIGURED, port, address);
    }

    private static PortOfRemote of(Origin origin, PortDefinition port, Optional<String> address) {
        HttpDefinition http = port.http().withoutSecrets();
        return new PortOfRemote(
                port.name(),
                origin.key(),
                port.enabled(),
                port.type(),
                port.bind(),
                port.remote(),
                address,
                http.hostHeader(),
                http.forwardedHeaders(),
                http.trustedProxies(),
                http.maxRequestHead(),
                http.responseTimeout(),
                HttpJson.headers(http),
                HttpJson.hsts(http),
                HttpJson.auth(http),
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
