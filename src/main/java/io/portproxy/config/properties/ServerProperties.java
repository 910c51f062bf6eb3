package io.portproxy.config.properties;

import io.portproxy.server.OnDuplicate;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.NestedConfigurationProperty;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.boot.context.properties.bind.Name;
import org.springframework.boot.convert.DurationUnit;
import org.springframework.util.unit.DataSize;

/**
 * The role of the proxy server. These properties are used when the profile {@code server} is active.
 *
 * @param bind Where remotes connect: host:port, [v6]:port, or a bare port for all of this machine's addresses. Port 0 takes any free port.
 *     Default: 0.0.0.0:9015. Range of the port: 0 to 65535.
 * @param gateways The addresses for the web applications of many host names. The host-list of each remote says which host name leads to
 *     which of its applications. Default: none.
 * @param proxy The remotes and the ports exposed for each. Required. Each entry has these keys: remote-name (1 to 255 bytes, no name twice;
 *     required), description (for people), enabled (whether the remote may connect; default true), tokens (a list of secrets, each of which
 *     lets a remote use the name; 16 or more characters each; without tokens, anybody may use the name), port-list, host-list, grants,
 *     access, quota, limits and hold-while-away (how long a user waits for the remote while it is away). Each entry has these keys in
 *     port-list: name (no name twice in a remote; default: what bind says), enabled (whether users may connect; default true), type (tcp,
 *     http or udp; default tcp), bind (where users connect: host:port, [v6]:port, or a bare port for 127.0.0.1; required), remote (the
 *     target's port on the remote, 1 to 65535, or its host:port as the remote sees it; required), access, quota, limits, hold-while-away,
 *     proxy-protocol (v1 or v2) and accept-proxy-protocol (a list of addresses and ranges). Each entry has these keys in port-list for type
 *     http: host-header (preserve, rewrite or a literal value; default preserve), forwarded-headers (add or none; default add),
 *     trusted-proxies (a list of addresses and ranges; default none), max-request-head (1KB to 1MB; default 32KB), request-timeout (how
 *     long the head of a request may take; default 60s), response-timeout (how long the target may take to begin its answer; default: any
 *     time), headers (request and response, each with set and remove), hsts (max-age, include-subdomains and preload) and auth (basic, with
 *     users, realm, except and pass). Each entry has these keys in port-list for type udp: idle-timeout (how long a session may be without
 *     a datagram; default 2m), max-sessions (default 4096), max-sessions-per-user (default 64) and reply-limit (how many bytes of answers a
 *     user gets for each byte sent; default: any number). Each entry has these keys in host-list: host (a name, *.example.com or *;
 *     required), path (a prefix; default /), gateways (their names; default all), enabled, tls (terminate or passthrough; default
 *     terminate), remote (the target, as for a port; required), access, quota, limits, hold-while-away, proxy-protocol, and those of type
 *     http without request-timeout. Each entry has these keys in grants, for ports that the remote may ask for: ports (such as 20000-20999;
 *     required without hosts), hosts (such as {name}.dev.example.com), max (how many at a time; default 5), sticky (how long a port is kept
 *     while the remote is away; default 24h), bind (the address that users connect to; default 127.0.0.1) and max-remotes (of a template,
 *     whose remote-name ends with an asterisk and which has grants and no ports; default 100). Each entry has these keys in access, quota
 *     and limits: in access allow and deny (each a list of addresses and ranges), in quota bytes and per, and in limits connections,
 *     connections-per-user, opens-per-second, opens-per-second-per-user, bandwidth and bandwidth-per-connection (each with in and out),
 *     idle-timeout and max-duration.
 * @param classic Whether remotes may speak the classic dialect, which has no tokens. A remote name with tokens never accepts this dialect.
 *     Default: allow. Range: allow or deny.
 * @param onDuplicate What happens when a second instance with the same remote name connects. With replace, it replaces the first. With
 *     refuse, it is refused. With balance, both have the name, and new connections alternate between them. Default: replace. Range:
 *     replace, refuse or balance.
 * @param ssl how tunnels are encrypted
 * @param heartbeatInterval How often remotes should send a heartbeat, and how often this server sends one to remotes of the extended
 *     dialect. It must be shorter than idle-timeout. Default: 5s; a bare number means seconds. Range: 100ms to 24h.
 * @param idleTimeout How long a tunnel may be silent before it counts as lost. Default: 30s; a bare number means
 *     seconds. Range: longer than heartbeat-interval, to 24h.
 * @param greetingTimeout How long a new tunnel may take for its greeting. The TLS handshake before it may take as long again. Default: 10s;
 *     a bare number means seconds. Range: 100ms to 24h.
 * @param maxGreetings How many tunnels may be without a complete greeting. Beyond that, the server closes the oldest tunnel of the address
 *     that has the most of them. Default: 1024. Range: 1 to 65536.
 * @param stallTimeout How long a slow reader of one connection may keep PortProxy from reading the tunnel. Then that connection is dropped.
 *     Default: 10s; a bare number means seconds. Range: 100ms to 24h.
 * @param lingerTimeout How long a socket is still read after its last byte was sent, so that a late byte from the other end does not turn a
 *     normal end into a reset. Default: 5s; a bare number means seconds. Range: 100ms to 24h.
 * @param streamBuffer How many bytes may be queued for the socket of one connection before PortProxy stops reading the tunnel. Only for the
 *     classic dialect, because the extended dialect has windows. Default: 1MB. Range: 4KB to 1GB.
 * @param tunnelBuffer How many bytes may be queued for all sockets of a tunnel together before PortProxy stops reading the tunnel. Default:
 *     256MB. Range: stream-buffer to 1TB.
 * @param initialWindow How many bytes the other end may send on a new connection before some of them are confirmed. Only for the extended
 *     dialect. Default: 256KB. Range: 4KB to 1GB.
 * @param maxWindow How many bytes the window of a connection can grow to, from initial-window, if its reader is fast enough. Only for the
 *     extended dialect. Default: 64MB. Range: initial-window to 1GB.
 * @param datagramQueue How many bytes of datagrams may be queued for one tunnel. Further datagrams are dropped. One session may use half of
 *     the queue. Default: 512KB. Range: 64KB to 768KB.
 * @param maxStreams How many connections one tunnel may carry at a time. Further users are refused. Default: 65536. Range: 1 to 1000000.
 * @param maxRemotes How many remotes there may be. Those of files and of the store, templates, and the remotes of templates count. Default:
 *     10000. Range: 1 to 1000000.
 * @param maxPorts How many ports and hosts there may be. Those of files and of the store count, and so do the gateways of the store and
 *     each port of a range. Remotes that ask for ports themselves share the rest. Default: 100000. Range: 1 to 1000000.
 * @param maxRange How many ports a range in one entry of port-list may have. Default: 1000. Range: 1 to 10000.
 * @param drain How long the connections of a port may continue after the port was removed or disabled while the server runs. Then they are
 *     reset. Default: 30s; a bare number means seconds. Range: 0s to 24h.
 * @param errorPages A folder with error pages that replace this server's own at hosts and ports of type http. A page is named after its
 *     status from 400 to 599, such as 404.html. The page error.html is for all other statuses. A page may have up to 64KB. The server reads
 *     the folder when it starts and when it reads its other files again. Default: none.
 * @param accessLog whether and how the requests of hosts and ports of type http are logged
 * @param web limits that all hosts and ports of type http share
 * @param access which users may connect, if the remote, port or host has no access of its own
 * @param acceptProxyProtocol Addresses and ranges of proxies in front of the tunnel port. Connections from these must begin with a header
 *     of the PROXY protocol, which contains the remote's address. Default: none.
 * @param proxyProtocolTimeout How long a connection that has to begin with a header of the PROXY protocol may take to send it. Default: 5s;
 *     a bare number means seconds. Range: 100ms to 24h.
 * @param ban which addresses are refused for some time. Without this, no address is banned
 * @param limits how much all users of this server together may use
 * @param holdWhileAway How long a user waits for a remote that is away, if the remote, port or host does not set this itself. Then the user
 *     is reset. Default: not at all; a bare number means seconds. Range: 100ms to 300s.
 * @param maxHeld How many users may wait for remotes that are away, for all remotes together. Further users are refused at once. Default:
 *     1000. Range: 1 to 1000000.
 * @param maxUsers How many users the server can count at a time at each level (server, remote, port or host) that has a limit for each
 *     user. A user who has a connection is counted. When the count is reached, new users are refused. Default: 100000. Range: 1 to 1000000.
 */
public record ServerProperties(
        @DefaultValue("0.0.0.0:9015") String bind,
        @DefaultValue List<GatewayProperties> gateways,
        @DefaultValue List<RemoteProperties> proxy,
        @DefaultValue("allow") Classic classic,
        @DefaultValue("replace") OnDuplicate onDuplicate,
        @DefaultValue @NestedConfigurationProperty Ssl ssl,

        @DefaultValue("5s") @DurationUnit(ChronoUnit.SECONDS)
        Duration heartbeatInterval,

        @DefaultValue("30s") @DurationUnit(ChronoUnit.SECONDS)
        Duration idleTimeout,

        @DefaultValue("10s") @DurationUnit(ChronoUnit.SECONDS)
        Duration greetingTimeout,

        @DefaultValue("1024") int maxGreetings,

        @DefaultValue("10s") @DurationUnit(ChronoUnit.SECONDS)
        Duration stallTimeout,

        @DefaultValue("5s") @DurationUnit(ChronoUnit.SECONDS)
        Duration lingerTimeout,

        @DefaultValue("1MB") DataSize streamBuffer,
        @DefaultValue("256MB") DataSize tunnelBuffer,
        @DefaultValue("256KB") DataSize initialWindow,
        @DefaultValue("64MB") DataSize maxWindow,
        @DefaultValue("512KB") DataSize datagramQueue,
        @DefaultValue("65536") int maxStreams,
        @DefaultValue("10000") int maxRemotes,
        @DefaultValue("100000") int maxPorts,
        @DefaultValue("1000") int maxRange,

        @DefaultValue("30s") @DurationUnit(ChronoUnit.SECONDS)
        Duration drain,

        @Nullable String errorPages,
        @DefaultValue @NestedConfigurationProperty AccessLog accessLog,
        @DefaultValue @NestedConfigurationProperty Web web,
        @Nullable @NestedConfigurationProperty AccessProperties access,
        @Nullable List<String> acceptProxyProtocol,

        @DefaultValue("5s") @DurationUnit(ChronoUnit.SECONDS)
        Duration proxyProtocolTimeout,

        @Nullable @NestedConfigurationProperty Ban ban,
        @Nullable @NestedConfigurationProperty LimitProperties limits,
        @Nullable @DurationUnit(ChronoUnit.SECONDS) Duration holdWhileAway,
        @DefaultValue("1000") int maxHeld,
        @DefaultValue("100000") int maxUsers)
        implements TunnelProperties {

    public ServerProperties {
        gateways = List.copyOf(gateways);
        proxy = List.copyOf(proxy);
        acceptProxyProtocol = acceptProxyProtocol == null ? null : List.copyOf(acceptProxyProtocol);
    }

    /**
     * Bans addresses that fail too often. A failure is a connection that an access list refuses, or a failed login of a user or a remote. A
     * banned address is refused at once for some time. All addresses of a 64-bit network of IPv6 count as one.
     *
     * @param after How many failures of an address lead to a ban. Default: 20. Range: 1 to 1000000.
     * @param within The time within which these failures must happen. It begins with the first failure. Default: 1m; a bare number means
     *     seconds. Range: 100ms to 24h.
     * @param length How long an address is banned. Default: 1h; a bare number means seconds. Range: 100ms to 720h.
     * @param maxAddresses How many addresses with failures the server remembers, and how many banned addresses in addition. Beyond that, it
     *     forgets the oldest. Default: 10000. Range: 1 to 1000000.
     */
    public record Ban(
            @DefaultValue("20") int after,

            @DefaultValue("1m") @DurationUnit(ChronoUnit.SECONDS)
            Duration within,

            @Name("for") @DefaultValue("1h") @DurationUnit(ChronoUnit.SECONDS)
            Duration length,

            @DefaultValue("10000") int maxAddresses) {}

    /** The format in which the access log writes requests. */
    public enum AccessLogFormat {
        /** Writes none. */
        NONE,
        /** Writes lines in the format of web servers, with some more fields at the end. */
        COMBINED,
        /** Writes JSON objects. */
        JSON
    }

    /**
     * How the logger io.portproxy.access writes the requests of hosts and ports of type http.
     *
     * @param format The format of a line: none (requests are not logged), combined (as web servers write it), or json. Default: none.
     *     Range: none, combined or json.
     */
    public record AccessLog(@DefaultValue("none") AccessLogFormat format) {}

    /**
     * Limits that all hosts and ports of type http share.
     *
     * @param maxAnswers How many users this server may answer itself at a time, instead of the application. Further users are reset. Users
     *     whose request the server still waits for are included. At one host or port, these may be at most a quarter. Default: 4096. Range:
     *     4 to 1000000.
     * @param refusalTimeout How long an answer of the server itself may wait for the user's request, or for earlier answers of the
     *     application. Then the user is reset. Default: 5s; a bare number means seconds. Range: 100ms to 24h.
     * @param answerTimeout How long a user may read nothing of an answer of the server itself. The whole answer may take 15 times as long.
     *     Then the user is reset. Default: 2s; a bare number means seconds. Range: 100ms to 24h.
     * @param maxPending For each port: how many users of a port with auth may be without a complete request head, and how
     *     many connections may be without a complete header of the PROXY protocol. Above that, the address with the most
     *     of them loses its oldest. Gateways have a limit of their own. Default: 1000. Range: 1 to 1000000.
     * @param requestTimeout How long each of these users may take for the head of the first request, if the port has no
     *     request-timeout of its own. Default: 10s; a bare number means seconds. Range: 100ms to 24h.
     */
    public record Web(
            @DefaultValue("4096") int maxAnswers,

            @DefaultValue("5s") @DurationUnit(ChronoUnit.SECONDS)
            Duration refusalTimeout,

            @DefaultValue("2s") @DurationUnit(ChronoUnit.SECONDS)
            Duration answerTimeout,

            @DefaultValue("1000") int maxPending,

            @DefaultValue("10s") @DurationUnit(ChronoUnit.SECONDS)
            Duration requestTimeout) {}

    /** Whether the server speaks the classic dialect. */
    public enum Classic {
        /** With remotes whose name has no token. */
        ALLOW,
        /** With no remote. */
        DENY
    }

    /** Whether remotes must show a certificate. */
    public enum ClientAuth {
        /** They need no certificate. */
        NONE,
        /** They need one, and its name must be the remote name. */
        NEED
    }

    /**
     * TLS for tunnels.
     *
     * @param bundle The name of the SSL bundle (spring.ssl.bundle.*) with this server's key and certificate. Default:
     *     none, tunnels are not encrypted.
     * @param acme Whether to use a certificate by ACME instead of bundle. It is the certificate for the first of portproxy.acme.names.
     *     Default: false. Range: true or false.
     * @param clientAuth Whether remotes must show a certificate. The trust store of the bundle must trust it, and it must be for the
     *     remote's name. Default: none. Range: none or need.
     */
    public record Ssl(
            @Nullable String bundle,
            @DefaultValue("false") boolean acme,
            @DefaultValue("none") ClientAuth clientAuth) {}
}
