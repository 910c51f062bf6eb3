package io.portproxy.admin.api;

import io.portproxy.admin.manage.AccessBody;
import io.portproxy.admin.manage.GrantBody;
import io.portproxy.admin.manage.HttpJson;
import io.portproxy.admin.manage.LimitsBody;
import io.portproxy.admin.manage.QuotaBody;
import io.portproxy.client.AskedTarget;
import io.portproxy.client.ClientView;
import io.portproxy.client.ExposureView;
import io.portproxy.manage.HostDefinition;
import io.portproxy.manage.HttpDefinition;
import io.portproxy.manage.PortDefinition;
import io.portproxy.server.LastRefusal;
import io.portproxy.server.QuotaView;
import io.portproxy.server.exposed.PortView;
import io.portproxy.server.exposed.gateway.HostView;
import io.portproxy.tunnel.telemetry.StreamCounts;
import io.portproxy.tunnel.telemetry.TunnelEnd;
import io.portproxy.tunnel.telemetry.TunnelView;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A remote, as one role of this process sees it.
 *
 * @param name the remote's name
 * @param role in which role of this process it is seen: {@code server}, as the proxy server of this process sees it;
 *     {@code client}, it is this process itself
 * @param origin who declares it: {@code file} (change it there), {@code store} (change it by this API) or
 *     {@code granted} (nobody: it belongs to a template, and disappears when it has neither a tunnel nor a port); null
 *     at the client
 * @param file the file that declares it, with line and column; null if none does
 * @param template the template that it belongs to; null if it has an entry of its own
 * @param description what it is, for people
 * @param enabled whether it may connect
 * @param anonymous whether anybody may use the name without a token
 * @param problems why it is not exposed: how it conflicts with what files declare; empty if it is exposed
 * @param state {@code up} while it has a tunnel, otherwise {@code away}; {@code template} for a template, whose remotes
 *     are listed separately
 * @param instances how many processes use the name
 * @param dialect {@code extended} or {@code classic}, of the first tunnel; null while it is away
 * @param address the other end of the first tunnel; null while it is away
 * @param server the proxy server that it connects to, as configured; null at the server
 * @param servers the addresses of the proxy server that it connects to: one, or all of them with
 *     {@code connect-to: all}; empty at the server
 * @param since since when the remote has been in this state; if it has never connected, since this process started
 * @param lastEnd how the last tunnel ended; null before the first end
 * @param lastRefusal the last refused greeting with its name; null at the client, and before the first
 * @param roundTripMillis the shortest of the last round trips, in milliseconds; null while there is none
 * @param tunnels the remote's tunnels that are up
 * @param ports the ports exposed for it, last those that it has asked for; empty at the client
 * @param hosts the names at gateways that lead to it, last those that it has asked for; empty at the client
 * @param grants which ports it may ask for itself; null if none, and at the client
 * @param access which users may connect, unless a port or host has its own list; null if the server's list applies, and
 *     at the client
 * @param quota how many bytes may pass through all its ports and hosts together; null for no limit, and at the client
 * @param quotas the state of its quota, and of the quotas of its ports and hosts; empty at the client
 * @param limits the limits for the users of all its ports and hosts together; null for none, and at the client
 * @param holdWhileAway how long a user waits for the remote while it is away, unless a port or host has its own value;
 *     null if the server's value applies, and at the client
 * @param streams counts of its connections since the start
 * @param allow the targets that it allows, as {@code host:port} or {@code host:*}; empty at the server
 * @param asked the targets that the server has asked for since the start, the latest first; empty at the server
 * @param askedForgotten how many of these were forgotten (portproxy.client.asked-targets); null at the server
 * @param connects how often a tunnel came up; null at the server
 * @param failures how often a tunnel was lost or did not come up; null at the server
 * @param lastFailure why a tunnel was lost or did not come up the last time; null at the server, and before the first
 * @param exposed the ports that it asks the server for; empty at the server
 */
@Schema(name = "Remote")
record RemoteJson(
        String name,
        String role,
        Optional<String> origin,
        Optional<String> file,
        Optional<String> template,
        String description,
        boolean enabled,
        boolean anonymous,
        List<String> problems,
        String state,
        int instances,
        Optional<String> dialect,
        Optional<String> address,
        Optional<String> server,
        List<ClientView.Server> servers,
        Instant since,
        Optional<End> lastEnd,
        Optional<Refusal> lastRefusal,
        Optional<Double> roundTripMillis,
        List<Tunnel> tunnels,
        List<Port> ports,
        List<Host> hosts,
        Optional<GrantBody> grants,
        Optional<AccessBody> access,
        Optional<QuotaBody> quota,
        List<QuotaState> quotas,
        Optional<LimitsBody> limits,
        Optional<String> holdWhileAway,
        Streams streams,
        List<String> allow,
        List<Asked> asked,
        Optional<Long> askedForgotten,
        Optional<Long> connects,
        Optional<Long> failures,
        Optional<String> lastFailure,
        List<Wish> exposed) {

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
    record Port(
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
        static Port granted(PortView port) {
            return new Port(
                    port.bind(),
                    PortJson.origin(port),
                    true,
                    port.type(),
                    port.bind(),
                    port.target(),
                    Optional.of(port.bind()).filter(bind -> port.listening()),
                    Optional.empty(),
                    Optional.empty(),
                    List.of(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    List.of(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty());
        }

        static Port of(PortDefinition port, Optional<String> address) {
            HttpDefinition http = port.http().withoutSecrets();
            return new Port(
                    port.name(),
                    PortJson.ORIGINS.get(0),
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
    record Host(
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
        static Host granted(HostView host) {
            return new Host(
                    host.address(),
                    HostDefinition.ALL_PATHS,
                    PortJson.ORIGINS.get(1),
                    List.of(),
                    true,
                    HostDefinition.TERMINATE,
                    host.target(),
                    host.urls(),
                    Optional.empty(),
                    Optional.empty(),
                    List.of(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty());
        }

        static Host of(HostDefinition host, List<String> urls) {
            HttpDefinition http = host.http().withoutSecrets();
            return new Host(
                    host.host(),
                    host.path(),
                    PortJson.ORIGINS.get(0),
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

    /**
     * The state of a quota.
     *
     * @param port the exposed address, or the host, that the quota is for; null if it is for the whole remote
     * @param bytes how many bytes may pass
     * @param used how many of them have passed
     * @param per the period: an {@code hour}, a {@code day} or a {@code month}
     * @param resets when the next period begins
     * @param usedUp whether users are refused
     */
    @Schema(name = "QuotaState")
    record QuotaState(Optional<String> port, long bytes, long used, String per, Instant resets, boolean usedUp) {
        static QuotaState of(QuotaView view) {
            return new QuotaState(
                    view.port(),
                    view.quota().bytes(),
                    view.used(),
                    view.quota().per().key(),
                    view.resets(),
                    view.isUsedUp());
        }
    }

    /**
     * A tunnel that is up.
     *
     * @param address the address of the tunnel's other end
     * @param dialect the tunnel's dialect, {@code extended} or {@code classic}
     * @param security how the tunnel is protected: {@code plain}, or TLS's version and cipher suite
     * @param instance the process at the other end, 32 hexadecimal digits; null at the client
     * @param since when the tunnel came up
     * @param roundTripMillis the round trip last measured, in milliseconds; null before the first, and in the classic
     *     dialect
     * @param streams how many connections it carries
     * @param available whether it takes new connections
     */
    record Tunnel(
            String address,
            String dialect,
            String security,
            Optional<String> instance,
            Instant since,
            Optional<Double> roundTripMillis,
            int streams,
            boolean available) {

        static Tunnel of(TunnelView view, Optional<String> instance) {
            return new Tunnel(
                    view.address(),
                    view.dialect(),
                    view.security(),
                    instance,
                    view.since(),
                    view.roundTripNanos().map(nanos -> nanos / 1e6),
                    view.streams(),
                    view.available());
        }
    }

    /**
     * Counts of connections since the start.
     *
     * @param live open connections
     * @param total connections that were opened
     * @param bytesIn bytes from users
     * @param bytesOut bytes for users
     * @param closed connections that have ended, by reason
     */
    record Streams(long live, long total, long bytesIn, long bytesOut, Map<String, Long> closed) {
        static Streams of(StreamCounts counts) {
            return new Streams(counts.live(), counts.opened(), counts.bytesIn(), counts.bytesOut(), counts.closed());
        }
    }

    /**
     * How a tunnel ended.
     *
     * @param at when the tunnel ended
     * @param address the address of its other end
     * @param reason why it ended, such as {@code idle_timeout}
     * @param message what happened, for people
     */
    @Schema(name = "TunnelEnd")
    record End(Instant at, String address, String reason, String message) {
        static End of(TunnelEnd end) {
            return new End(end.at(), end.address(), end.reason(), end.message());
        }
    }

    /**
     * A target that the server has asked for.
     *
     * @param target the target, as {@code host:port}
     * @param asked how often the server asked for it
     * @param denied how often the remote denied it, because it is not allowed
     * @param lastAsked when the server last asked for it
     * @param lastDenied when the remote last denied it; null if it never did
     */
    @Schema(name = "AskedTarget")
    record Asked(String target, long asked, long denied, Instant lastAsked, Optional<Instant> lastDenied) {
        static Asked of(AskedTarget target) {
            return new Asked(target.target(), target.asked(), target.denied(), target.lastAsked(), target.lastDenied());
        }
    }

    /**
     * A port that this remote asks the server for.
     *
     * @param target the target, as {@code host:port}
     * @param server the server that was asked, as {@code host:port}
     * @param state {@code exposed}; {@code refused}; or {@code asked}, while there is no answer
     * @param address the address that users connect to; null if the server gives none
     * @param message why the server refuses it, for people; null if it does not
     */
    @Schema(name = "ExposedTarget")
    record Wish(String target, String server, String state, Optional<String> address, Optional<String> message) {
        static Wish of(ExposureView view) {
            return new Wish(view.target(), view.server(), view.state(), view.address(), view.refusal());
        }
    }

    /**
     * A greeting that was refused.
     *
     * @param at when the greeting was refused
     * @param address the address it came from
     * @param message why it was refused, for people
     */
    @Schema(name = "Refusal")
    record Refusal(Instant at, String address, String message) {
        static Refusal of(LastRefusal refusal) {
            return new Refusal(refusal.at(), refusal.address(), refusal.message());
        }
    }
}
