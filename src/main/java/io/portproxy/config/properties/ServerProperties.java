package io.portproxy.config.properties;

import io.portproxy.http.ForwardedHeaders;
import io.portproxy.net.ProxyHeader;
import io.portproxy.server.OnDuplicate;
import io.portproxy.usage.Span;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
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
        @DefaultValue List<Gateway> gateways,
        @DefaultValue List<Remote> proxy,
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
        @Nullable @NestedConfigurationProperty Access access,
        @Nullable List<String> acceptProxyProtocol,

        @DefaultValue("5s") @DurationUnit(ChronoUnit.SECONDS)
        Duration proxyProtocolTimeout,

        @Nullable @NestedConfigurationProperty Ban ban,
        @Nullable @NestedConfigurationProperty Limits limits,
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
     * Which users may connect, by their addresses. There are three levels: the server, the remote, and the port or host. Only the most
     * specific level that has access decides.
     *
     * @param allow Addresses and ranges that may connect, such as 192.0.2.1 or 2001:db8::/32. All other addresses are refused. Default: all
     *     that are not denied. Range: 1 to 100000 entries.
     * @param deny Addresses and ranges that are refused, even if allow contains them. Default: none. Range: up to 100000 entries.
     */
    public record Access(
            @Nullable List<String> allow, @Nullable List<String> deny) {
        public Access {
            allow = allow == null ? null : List.copyOf(allow);
            deny = deny == null ? null : List.copyOf(deny);
        }
    }

    /**
     * How much users may use. The limits of the server, the remote, and the port or host all apply.
     *
     * @param connections How many connections may be open at a time. Default: any number. Range: 1 to 1000000.
     * @param connectionsPerUser How many connections of one user may be open at a time. A user is an IPv4 address, or a 64-bit network of
     *     IPv6. Default: any number. Range: 1 to 1000000.
     * @param opensPerSecond How many connections may be opened per second. Default: any number. Range: 1 to 1000000.
     * @param opensPerSecondPerUser How many connections one user may open per second. Default: any number. Range: 1 to 1000000.
     * @param bandwidth the bandwidth of all connections together
     * @param bandwidthPerConnection the bandwidth of each connection
     * @param idleTimeout How long a connection may carry no byte in either direction. Then it is reset. Default: any time; a bare number
     *     means seconds. Range: 100ms to 720h.
     * @param maxDuration How long a connection may last. Then it is reset. Default: any time; a bare number means seconds. Range: 100ms to
     *     720h.
     */
    public record Limits(
            @Nullable Integer connections,
            @Nullable Integer connectionsPerUser,
            @Nullable Integer opensPerSecond,
            @Nullable Integer opensPerSecondPerUser,
            @Nullable @NestedConfigurationProperty Bandwidth bandwidth,
            @Nullable @NestedConfigurationProperty Bandwidth bandwidthPerConnection,
            @Nullable @DurationUnit(ChronoUnit.SECONDS) Duration idleTimeout,
            @Nullable @DurationUnit(ChronoUnit.SECONDS) Duration maxDuration) {}

    /**
     * Bytes per second.
     *
     * @param in Bytes per second from users to targets, such as 10MB. Default: any number. Range: 1KB to 1TB.
     * @param out Bytes per second from targets to users. Default: any number. Range: 1KB to 1TB.
     */
    public record Bandwidth(@Nullable DataSize in, @Nullable DataSize out) {}

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

    /**
     * A remote and the ports exposed for it.
     *
     * @param remoteName The remote's name. A name that ends with an asterisk, such as dev-*, is a template: a remote with one of its tokens
     *     can use any name that begins in this way and has no entry of its own. Required. Range: 1 to 255 bytes of UTF-8, only visible
     *     characters and blanks, without slashes, semicolons and percent signs.
     * @param description A description of the remote, for people. Default: none. Range: up to 1000 characters.
     * @param enabled Whether the remote may connect. A disabled remote is refused, and its users are reset. Default:
     *     true. Range: true or false.
     * @param tokens Secrets, each of which proves that a remote may use the name. Use several while one replaces another. Default: none,
     *     anybody may use the name. Range: 16 or more characters each, without blanks; or what an export contains in place of a token
     *     ({scram-sha-256} and two keys).
     * @param portList The ports exposed for this remote. Default: none.
     * @param hostList The host names at gateways that lead to this remote. Default: none.
     * @param grants which ports and which host the remote may ask for
     * @param access which users may connect, if the port or host has no access of its own
     * @param quota how many bytes all its ports and hosts together may carry
     * @param limits how much the users of all its ports and hosts together may use
     * @param holdWhileAway How long a user waits for the remote while it is away, if the port or host does not set this itself. Then the
     *     user is reset. Default: as for the server; a bare number means seconds. Range: 100ms to 300s.
     */
    public record Remote(
            @Nullable String remoteName,
            @Nullable String description,
            @DefaultValue("true") boolean enabled,
            @Nullable List<Secret> tokens,
            @DefaultValue List<Port> portList,
            @DefaultValue List<Host> hostList,
            @Nullable @NestedConfigurationProperty Grants grants,
            @Nullable @NestedConfigurationProperty Access access,
            @Nullable @NestedConfigurationProperty Quota quota,
            @Nullable @NestedConfigurationProperty Limits limits,
            @Nullable @DurationUnit(ChronoUnit.SECONDS) Duration holdWhileAway) {
        public Remote {
            tokens = tokens == null ? null : List.copyOf(tokens);
            portList = List.copyOf(portList);
            hostList = List.copyOf(hostList);
        }
    }

    /**
     * How many bytes may be carried, in both directions together. When the quota is used up, users are refused until the next hour, day or
     * month.
     *
     * @param bytes How many bytes. Required. Range: 1KB to 1000000TB.
     * @param per The period of the quota: an hour, a day or a month of the calendar, in UTC. Default: month. Range: hour, day or month.
     */
    public record Quota(
            @Nullable DataSize bytes, @DefaultValue("month") Span per) {}

    /**
     * Which ports, and which host at gateways, a remote may ask for. Without this, the remote may ask for none.
     *
     * @param ports The lowest and the highest port that the remote may ask for, such as 20000-20999, or the only one. Required, unless
     *     hosts is set. Range: 1 to 65535.
     * @param hosts The host that the remote may ask for. {name} stands for the remote's name, as in
     *     {name}.dev.example.com. Default: none.
     * @param max How many ports the remote may have at a time. Default: 5. Range: 1 to 1000.
     * @param sticky How long a port is kept for the remote while it is away. Then the port is closed. Default: 24h; a bare number means
     *     seconds. Range: 0s to 720h.
     * @param bind The address of this machine that users connect to, such as 0.0.0.0 for all of them. Default: 127.0.0.1.
     * @param maxRemotes How many remotes a template may have at a time. Remotes that are away count if they have ports. Default: 100.
     *     Range: 1 to 10000.
     */
    public record Grants(
            @Nullable String ports,
            @Nullable String hosts,
            @DefaultValue("5") int max,

            @DefaultValue("24h") @DurationUnit(ChronoUnit.SECONDS)
            Duration sticky,

            @DefaultValue("127.0.0.1") String bind,
            @DefaultValue("100") int maxRemotes) {}

    /**
     * An address for the web applications of many host names.
     *
     * @param name The name of the gateway, which hosts refer to. Required. Range: 1 to 50 letters, digits and hyphens; once.
     * @param bind Where users connect: host:port, [v6]:port, or a bare port for all of this machine's addresses. Required. Range of the
     *     port: 0 (any free port) to 65535.
     * @param publicPort The port that users see, if another port (of a container or a load balancer) leads to bind. Default: that of bind.
     *     Range: 1 to 65535.
     * @param ssl how users' connections are encrypted
     * @param redirectToHttps Whether requests are redirected to the first gateway that has ssl. Default: false. Range: true or false.
     * @param requestTimeout How long a user may take for each of these steps: the ClientHello of TLS, the rest of the TLS
     *     handshake, and the head of the first request. Default: 10s; a bare number means seconds. Range: 100ms to 24h.
     * @param maxPending How many users may be without a complete header of the PROXY protocol or request head. Above that, the address
     *     with the most of them loses its oldest. Default: 10000. Range: 1 to 1000000.
     * @param maxRequestHead The longest head of the first request of a connection. Default: 32KB. Range: 1KB to 1MB.
     * @param tunnel The name at which remotes reach the tunnel port through this gateway. A connection that asks for this name in TLS and
     *     begins with a greeting comes from a remote. The gateway needs ssl. Default: none.
     * @param acceptProxyProtocol Addresses and ranges of proxies in front of the gateway. Connections from these must begin with a header
     *     of the PROXY protocol, which comes before TLS and contains the user's address. A connection from any other address that begins
     *     with such a header is refused. Default: none.
     */
    public record Gateway(
            @Nullable String name,
            @Nullable String bind,
            @Nullable Integer publicPort,
            @DefaultValue @NestedConfigurationProperty GatewaySsl ssl,
            @DefaultValue("false") boolean redirectToHttps,

            @DefaultValue("10s") @DurationUnit(ChronoUnit.SECONDS)
            Duration requestTimeout,

            @DefaultValue("10000") int maxPending,
            @DefaultValue("32KB") DataSize maxRequestHead,
            @Nullable String tunnel,
            @Nullable List<String> acceptProxyProtocol) {
        public Gateway {
            acceptProxyProtocol = acceptProxyProtocol == null ? null : List.copyOf(acceptProxyProtocol);
        }
    }

    /**
     * TLS for the users of a gateway. TLS ends at the gateway.
     *
     * @param bundle The name of the SSL bundle (spring.ssl.bundle.*) with the key and certificate. Default: none, users speak plain HTTP.
     * @param bundles The names of several SSL bundles, in place of bundle. A user gets the certificate for the requested name. Without a
     *     requested name, the user gets the certificate of the first bundle. Default: none.
     * @param acme Whether to use certificates by ACME instead, one for each host of the gateway that has no asterisk. Default: false.
     *     Range: true or false.
     */
    public record GatewaySsl(
            @Nullable String bundle,
            @DefaultValue List<String> bundles,
            @DefaultValue("false") boolean acme) {
        public GatewaySsl {
            bundles = List.copyOf(bundles);
        }

        /** Returns whether users of the gateway speak TLS. */
        public boolean isOn() {
            return bundle != null || !bundles.isEmpty() || acme;
        }
    }

    /**
     * A host name at gateways, or some of its paths.
     *
     * @param host The name: one name, such as app.example.com; all names below one, such as *.example.com; or * for every other name.
     *     Required.
     * @param path The prefix of the paths. For example, /api means /api and everything below it. Default: /.
     * @param gateways The names of the gateways at which users reach the host. Default: all of them.
     * @param enabled Whether users may connect. If not, they get 503. Default: true. Range: true or false.
     * @param tls Where TLS ends: at the gateway (terminate), or at the target (passthrough). With passthrough, the target needs the
     *     certificate. Default: terminate. Range: terminate or passthrough.
     * @param remote The target: its port at 127.0.0.1 of the remote, or, in the extended dialect, its host:port or
     *     unix socket (unix:/run/app.sock) as the remote sees it. Required. Range of the port: 1 to 65535.
     * @param hostHeader The Host of requests: preserve, rewrite or a literal value, as for a port of type http. Default: preserve.
     * @param forwardedHeaders Whether requests tell the target where they came from. Default: add. Range: add or none.
     * @param trustedProxies Reverse proxies in front of the gateway, as for a port of type http. Default: none.
     * @param maxRequestHead The longest request head. Default: 32KB. Range: 1KB to 1MB.
     * @param responseTimeout How long the target may take to begin its answer to a complete request. Then the user gets 504. Default: none,
     *     any time; a bare number means seconds. Range: 100ms to 24h.
     * @param headers which header fields are changed
     * @param hsts how browsers are told not to use plain HTTP
     * @param auth who may send requests
     * @param access which users may connect
     * @param proxyProtocol The version of the PROXY protocol with which the remote tells the target the user's address, before all other
     *     bytes. The target has to expect it. Default: none. Range: v1 or v2.
     * @param quota how many bytes the host may carry
     * @param limits how much its users together may use
     * @param holdWhileAway How long a user waits for the remote while it is away. Then the answer is 503. Default: as for the remote; a
     *     bare number means seconds. Range: 100ms to 300s.
     */
    public record Host(
            @Nullable String host,
            @DefaultValue("/") String path,
            @DefaultValue List<String> gateways,
            @DefaultValue("true") boolean enabled,
            @DefaultValue("terminate") TlsEnd tls,
            @Nullable String remote,
            @Nullable String hostHeader,
            @Nullable ForwardedHeaders forwardedHeaders,
            @Nullable List<String> trustedProxies,
            @DefaultValue("32KB") DataSize maxRequestHead,

            @Nullable @DurationUnit(ChronoUnit.SECONDS) Duration responseTimeout,

            @Nullable @NestedConfigurationProperty Headers headers,
            @Nullable @NestedConfigurationProperty Hsts hsts,
            @Nullable @NestedConfigurationProperty Auth auth,
            @Nullable @NestedConfigurationProperty Access access,
            ProxyHeader.@Nullable Version proxyProtocol,
            @Nullable @NestedConfigurationProperty Quota quota,
            @Nullable @NestedConfigurationProperty Limits limits,
            @Nullable @DurationUnit(ChronoUnit.SECONDS) Duration holdWhileAway) {
        public Host {
            gateways = List.copyOf(gateways);
            trustedProxies = trustedProxies == null ? null : List.copyOf(trustedProxies);
        }

        /** Returns the type that the connections of this host's users have for the remote. */
        public PortType type() {
            return tls == TlsEnd.PASSTHROUGH ? PortType.TCP : PortType.HTTP;
        }

        /** Returns how the server handles requests to this host. */
        public Http http() {
            return new Http(
                    hostHeader,
                    forwardedHeaders,
                    trustedProxies,
                    maxRequestHead,
                    null,
                    responseTimeout,
                    headers,
                    hsts,
                    auth);
        }
    }

    /** Where the TLS of a host's users ends. */
    public enum TlsEnd {
        /** At the gateway. */
        TERMINATE,
        /** At the target. */
        PASSTHROUGH;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * How the server handles requests, both to a host and to a port of type http. For the components, see {@link Host} and
     * {@link Port}.
     */
    public record Http(
            @Nullable String hostHeader,
            @Nullable ForwardedHeaders forwardedHeaders,
            @Nullable List<String> trustedProxies,
            DataSize maxRequestHead,
            @Nullable Duration requestTimeout,
            @Nullable Duration responseTimeout,
            @Nullable Headers headers,
            @Nullable Hsts hsts,
            @Nullable Auth auth) {}

    /**
     * Who may send requests.
     *
     * @param basic users with a name and a password, which browsers ask for
     */
    public record Auth(
            @Nullable @NestedConfigurationProperty Basic basic) {}

    /**
     * Users who may send requests, by HTTP's scheme Basic (RFC 7617). Use it inside TLS.
     *
     * @param users The users who may send requests. Required. Range: 1 to 1000.
     * @param realm The name that browsers show when they ask for the password. Default: Restricted. Range: 1 to 100
     *     printable ASCII characters without quotes and backslashes.
     * @param except Prefixes of paths that need no password, such as /health. Default: none.
     * @param pass Whether the target gets the name and the password of the user. Default: false. Range: true or false.
     */
    public record Basic(
            @DefaultValue List<BasicUser> users,
            @DefaultValue("Restricted") String realm,
            @DefaultValue List<String> except,
            @DefaultValue("false") boolean pass) {
        public Basic {
            users = List.copyOf(users);
            except = List.copyOf(except);
        }
    }

    /**
     * A user who may send requests.
     *
     * @param name The name. Required. Range: 1 to 64 characters, no colon, once.
     * @param password The password: {bcrypt} followed by its bcrypt hash, or {noop} followed by the password itself, as for a user of the
     *     admin API. Required.
     */
    public record BasicUser(@Nullable String name, @Nullable Secret password) {}

    /**
     * Which header fields are changed.
     *
     * @param request in requests to the target
     * @param response in the target's answers to users
     */
    public record Headers(
            @Nullable @NestedConfigurationProperty Fields request,
            @Nullable @NestedConfigurationProperty Fields response) {}

    /**
     * Which header fields of a request or an answer are changed.
     *
     * @param set Header fields to set, each with its name and value. The value replaces all values that the field had before. Default:
     *     none. Range: up to 50.
     * @param remove The names of header fields to remove. Default: none. Range: up to 50.
     */
    public record Fields(
            @DefaultValue Map<String, String> set,
            @DefaultValue List<String> remove) {
        public Fields {
            set = Collections.unmodifiableMap(new LinkedHashMap<>(set));
            remove = List.copyOf(remove);
        }
    }

    /**
     * Tells browsers not to use plain HTTP (Strict-Transport-Security, RFC 6797). The server sends it in every answer inside TLS that ends
     * here.
     *
     * @param maxAge How long a browser remembers not to use plain HTTP. Default: 365d; a bare number means seconds. Range: 0s to 1000d.
     * @param includeSubdomains Whether this also applies to all names below the host. Default: false. Range: true or false.
     * @param preload Whether browser vendors may add the host to their lists. This is hard to undo. Default: false. Range: true or false.
     */
    public record Hsts(
            @DefaultValue("365d") @DurationUnit(ChronoUnit.SECONDS)
            Duration maxAge,

            @DefaultValue("false") boolean includeSubdomains,
            @DefaultValue("false") boolean preload) {}

    /**
     * One exposed port.
     *
     * @param name The name of the port in the API and the dashboard. Default: what bind says; for a unix socket its path, with - for each
     *     slash. Range: 1 to 255 bytes, without slashes, semicolons and percent signs; once in its remote.
     * @param enabled Whether users may connect. A disabled port stays bound and resets them. Default: true. Range: true
     *     or false.
     * @param type What is exposed. A port of type udp may have the same number as a port of another type. Default: tcp. Range: tcp, http or
     *     udp.
     * @param bind Where users connect: host:port, [v6]:port, or a bare port for 127.0.0.1. For type tcp and udp, it can be a range of
     *     ports, such as 0.0.0.0:30000-30010. Then remote must have as many ports. For type tcp and http, it can be a unix socket of the
     *     server, such as unix:/run/portproxy/app.sock. To give the socket another mode than 0660, write the mode after |, such as
     *     unix:/run/portproxy/app.sock|0666. Required. Range of the port: 0 (any free port) to 65535.
     * @param remote The target: its port at 127.0.0.1 of the remote, or, in the extended dialect, its host:port or
     *     unix socket (unix:/run/app.sock) as the remote sees it. Required. Range of the port: 1 to 65535.
     * @param requestTimeout How long a user may take for the head of a request, only for type http. After this time, the answer is 408.
     *     Default: 60s, and 10s for a first request that auth is for; a bare number means seconds. Range: 100ms to 24h.
     * @param hostHeader The Host of requests, only for type http: preserve (what the user sent), rewrite (the target's), or a literal
     *     value. If an Origin or Referer names the same host, it is changed in the same way. A Location in the answer that names the new
     *     host becomes relative. Default: preserve.
     * @param forwardedHeaders Whether requests tell the target where they came from, only for type http: add
     *     (X-Forwarded-For, -Host, -Port and -Proto), or none. Default: add. Range: add or none.
     * @param trustedProxies Addresses and ranges of reverse proxies in front of this port, such as 127.0.0.1 or 10.0.0.0/8, only for type
     *     http. The server keeps the Forwarded and X-Forwarded-* of requests from these. It removes them from all other requests. Default:
     *     none.
     * @param maxRequestHead The longest request head, only for type http. Default: 32KB. Range: 1KB to 1MB.
     * @param responseTimeout How long the target may take to begin its answer to a complete request, only for type http. After this time,
     *     the user gets 504. Default: none, any time; a bare number means seconds. Range: 100ms to 24h.
     * @param headers which header fields are changed, only for type http
     * @param hsts how browsers are told not to use plain HTTP, only for type http
     * @param auth who may send requests, only for type http
     * @param access which users may connect
     * @param proxyProtocol The version of the PROXY protocol with which the remote tells the target the user's address. The header comes
     *     before all other bytes of a connection, or, for type udp, at the beginning of each datagram. The target has to expect it.
     *     Default: none. Range: v1 or v2; v2 for type udp.
     * @param acceptProxyProtocol Addresses and ranges of proxies in front of this port. Connections from these must begin with a header of
     *     the PROXY protocol, which contains the user's address. A connection from any other address that begins with such a header is
     *     refused. Default: none.
     * @param idleTimeout How long a user's session may be without a datagram in either direction, only for type udp. After this time, the
     *     session ends. Default: 2m; a bare number means seconds. Range: 100ms to 24h.
     * @param maxSessions How many sessions the port may have at a time, only for type udp. When all are used, the server ends the session
     *     whose user has recently sent the least after answers, and a new user gets its place. If the server can end no session, it drops
     *     the datagrams of new users. Default: 4096. Range: 1 to 65536.
     * @param maxSessionsPerUser How many sessions one IPv4 address, or one 64-bit network of IPv6, may have, only for type udp. A 24-bit
     *     network of IPv4, or a 48-bit network of IPv6, may have four times as many. Default: 64. Range: 1 to 65536.
     * @param replyLimit How many bytes of answers a user may get for each byte that the user has sent in the session, only for type udp.
     *     Without a limit, a large answer to a request with a forged address goes to somebody who has not asked for it. Default: any
     *     number. Range: 1 to 1000.
     * @param quota how many bytes the port may carry
     * @param limits how much its users together may use
     * @param holdWhileAway How long a user waits for the remote while it is away. Then the user is reset. Not for type udp. Default: as for
     *     the remote; a bare number means seconds. Range: 100ms to 300s.
     */
    public record Port(
            @Nullable String name,
            @DefaultValue("true") boolean enabled,
            @DefaultValue("tcp") PortType type,
            @Nullable String bind,
            @Nullable String remote,

            @Nullable @DurationUnit(ChronoUnit.SECONDS) Duration requestTimeout,

            @Nullable String hostHeader,
            @Nullable ForwardedHeaders forwardedHeaders,
            @Nullable List<String> trustedProxies,
            @DefaultValue("32KB") DataSize maxRequestHead,

            @Nullable @DurationUnit(ChronoUnit.SECONDS) Duration responseTimeout,

            @Nullable @NestedConfigurationProperty Headers headers,
            @Nullable @NestedConfigurationProperty Hsts hsts,
            @Nullable @NestedConfigurationProperty Auth auth,
            @Nullable @NestedConfigurationProperty Access access,
            ProxyHeader.@Nullable Version proxyProtocol,
            @Nullable List<String> acceptProxyProtocol,

            @Nullable @DurationUnit(ChronoUnit.SECONDS) Duration idleTimeout,
            @Nullable Integer maxSessions,
            @Nullable Integer maxSessionsPerUser,
            @Nullable Integer replyLimit,
            @Nullable @NestedConfigurationProperty Quota quota,
            @Nullable @NestedConfigurationProperty Limits limits,
            @Nullable @DurationUnit(ChronoUnit.SECONDS) Duration holdWhileAway) {
        public Port {
            acceptProxyProtocol = acceptProxyProtocol == null ? null : List.copyOf(acceptProxyProtocol);
            trustedProxies = trustedProxies == null ? null : List.copyOf(trustedProxies);
        }

        /** Returns how the server handles datagrams, if the port is of type udp. */
        public Udp udp() {
            return new Udp(idleTimeout, maxSessions, maxSessionsPerUser, replyLimit);
        }

        /** Returns how the server handles requests, if the port is of type http. */
        public Http http() {
            return new Http(
                    hostHeader,
                    forwardedHeaders,
                    trustedProxies,
                    maxRequestHead,
                    requestTimeout,
                    responseTimeout,
                    headers,
                    hsts,
                    auth);
        }
    }

    /** How a port of type udp handles datagrams. For the components, see {@link Port}. */
    public record Udp(
            @Nullable Duration idleTimeout,
            @Nullable Integer maxSessions,
            @Nullable Integer maxSessionsPerUser,
            @Nullable Integer replyLimit) {}
}
