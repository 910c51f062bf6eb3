package io.portproxy.config.properties;

import io.portproxy.protocol.Dialect;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.NestedConfigurationProperty;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.boot.convert.DurationUnit;
import org.springframework.util.unit.DataSize;

/**
 * The role of a remote. These properties are used when the profile {@code client} is active.
 *
 * @param name The remote name of this client. Required. Range: 1 to 255 bytes of UTF-8, only visible characters and blanks, without
 *     slashes, semicolons and percent signs.
 * @param server The proxy server to connect to: host:port or [v6]:port. Its name is resolved again for each attempt. Required. Range of the
 *     port: 1 to 65535.
 * @param connectTo Which addresses to connect to if the server's name has several. With any, the client tries the addresses in turn and
 *     connects to one of them. With all, it connects to each address, and follows changes of the addresses. Then each address has to be a
 *     server of its own, and only IPv4 or only IPv6 addresses are used. Default: any. Range: any or all.
 * @param resolveInterval How often the client looks up the addresses of the server's name, with connect-to: all. Default: 30s; a bare
 *     number means seconds. Range: 1s to 24h.
 * @param protocol The dialect to speak. The client never changes to the other dialect by itself. Default: extended, or classic if a
 *     client's file of the older program is read. Range: extended or classic.
 * @param token The secret that proves to the proxy server that this client may use the name, and to the client that the server knows the
 *     secret. Only for the extended dialect. Default: none. Range: 16 or more characters, without blanks.
 * @param ssl how tunnels are encrypted
 * @param allow The targets that the proxy server may reach. An entry is a port of 127.0.0.1, host:port, [v6]:port, a range of ports
 *     (5000-5010, host:5000-5010), a host with any port (host:*), or a unix socket (unix:/run/app.sock, or unix:/run/app/* for those of a
 *     folder). A host or path is compared as written, not resolved. Targets of expose are always allowed. Default: every port of 127.0.0.1;
 *     with expose nothing else. Range of the ports: 1 to 65535.
 * @param expose The targets that the client asks the proxy server to expose, if the server grants this remote ports. Only for the extended
 *     dialect. There may be up to 256 entries. Default: none. Each entry has target (a port of 127.0.0.1, host:port or [v6]:port;
 *     required), type (tcp or http; default tcp) and port (the only port of the server that the client accepts; default: any).
 * @param askedTargets How many targets that the proxy server has asked for, allowed or not, the client remembers for the admin API. For a
 *     new one beyond that, it forgets the target that was asked for the longest ago. Default: 100. Range: 1 to 10000.
 * @param tunnels How many tunnels the client keeps, with connect-to: all to each address. Connections are spread over them. Default: 1.
 *     Range: 1 to 16, with protocol: classic 1.
 * @param heartbeatInterval How often this client sends a heartbeat. Default: 5s; a bare number means seconds. Range:
 *     100ms to 24h.
 * @param idleTimeout How long the tunnel may accept no byte from this client before the tunnel counts as lost. Default: 30s; a bare number
 *     means seconds. Range: longer than heartbeat-interval, to 24h.
 * @param connectTimeout How long connecting to the proxy server or to a target may take. Default: 5s; a bare number means seconds. Range:
 *     100ms to 24h.
 * @param greetingTimeout How long the greeting may take. The TLS handshake before it may take as long again. Only for the extended dialect.
 *     Default: 10s; a bare number means seconds. Range: 100ms to 24h.
 * @param reconnect the waits between attempts to connect
 * @param stallTimeout How long a slow reader of one connection may keep PortProxy from reading the tunnel. Then that connection is dropped.
 *     Default: 10s; a bare number means seconds. Range: 100ms to 24h.
 * @param lingerTimeout How long a socket is still read after its last byte was sent, so that a late byte from the other end does not turn a
 *     normal end into a reset. Default: 5s; a bare number means seconds. Range: 100ms to 24h.
 * @param streamBuffer How many bytes may be queued for the socket of one connection before PortProxy stops reading the tunnel. Only for the
 *     classic dialect, because the extended dialect has windows. Default: 1MB. Range: 4KB to 1GB.
 * @param tunnelBuffer How many bytes may be queued for all sockets of the tunnel together before PortProxy stops reading the tunnel.
 *     Default: 256MB. Range: stream-buffer to 1TB.
 * @param maxWindow How many bytes the window of a connection can grow to, if its reader is fast enough. It starts with the size that the
 *     server sets. Only for the extended dialect. Default: 64MB. Range: 4KB to 1GB.
 * @param datagramQueue How many bytes of datagrams may be queued for one tunnel. Further datagrams are dropped. One session may use half of
 *     the queue. Default: 512KB. Range: 64KB to 768KB.
 * @param maxStreams How many connections the tunnel may carry at a time. Further connections are refused. Default: 65536. Range: 1 to
 *     1000000.
 * @param resolveAtStart Whether the start fails if the name of the proxy server cannot be resolved. With false, the client tries again
 *     without end, as after any other failure. Default: true. Range: true or false.
 */
public record ClientProperties(
        @Nullable String name,
        @Nullable String server,
        @DefaultValue("any") ConnectTo connectTo,

        @DefaultValue("30s") @DurationUnit(ChronoUnit.SECONDS)
        Duration resolveInterval,

        @DefaultValue("extended") Dialect protocol,
        @Nullable Secret token,
        @DefaultValue @NestedConfigurationProperty Ssl ssl,
        @Nullable List<String> allow,
        @DefaultValue List<Expose> expose,
        @DefaultValue("100") int askedTargets,
        @DefaultValue("1") int tunnels,

        @DefaultValue("5s") @DurationUnit(ChronoUnit.SECONDS)
        Duration heartbeatInterval,

        @DefaultValue("30s") @DurationUnit(ChronoUnit.SECONDS)
        Duration idleTimeout,

        @DefaultValue("5s") @DurationUnit(ChronoUnit.SECONDS)
        Duration connectTimeout,

        @DefaultValue("10s") @DurationUnit(ChronoUnit.SECONDS)
        Duration greetingTimeout,

        @DefaultValue @NestedConfigurationProperty Reconnect reconnect,

        @DefaultValue("10s") @DurationUnit(ChronoUnit.SECONDS)
        Duration stallTimeout,

        @DefaultValue("5s") @DurationUnit(ChronoUnit.SECONDS)
        Duration lingerTimeout,

        @DefaultValue("1MB") DataSize streamBuffer,
        @DefaultValue("256MB") DataSize tunnelBuffer,
        @DefaultValue("64MB") DataSize maxWindow,
        @DefaultValue("512KB") DataSize datagramQueue,
        @DefaultValue("65536") int maxStreams,
        @DefaultValue("true") boolean resolveAtStart)
        implements TunnelProperties {

    public ClientProperties {
        allow = allow == null ? null : List.copyOf(allow);
        expose = List.copyOf(expose);
    }

    /** Returns the smallest value that is possible. A remote does not use it: the window that the server states counts. */
    @Override
    public DataSize initialWindow() {
        return DataSize.ofKilobytes(4);
    }

    /** Whether the client connects to one or to all addresses of the server's name. */
    public enum ConnectTo {
        /** Only one address. */
        ANY,
        /** All addresses. */
        ALL
    }

    /**
     * A target that the client asks the proxy server to expose.
     *
     * @param target The target: a port of 127.0.0.1, host:port or [v6]:port. Required. Range of the port: 1 to 65535.
     * @param type What the target is: tcp, which gets a port, or http, a web application, which gets a host name. Default: tcp. Range: tcp
     *     or http.
     * @param port The only port of the proxy server that the client accepts. Only for type tcp. Default: any that the server grants, and
     *     the same as before if that is free. Range: 1 to 65535.
     */
    public record Expose(
            @Nullable String target,
            @DefaultValue("tcp") PortType type,
            @Nullable Integer port) {}

    /**
     * TLS for tunnels.
     *
     * @param bundle The name of the SSL bundle (spring.ssl.bundle.*) with the authorities to trust and, where the proxy
     *     server asks for it, this remote's key and certificate. Default: none, tunnels are not encrypted.
     */
    public record Ssl(@Nullable String bundle) {}

    /**
     * The waits between attempts to connect. They grow from {@code initial} to {@code max}, with jitter.
     *
     * @param initial The longest wait before the first new attempt to connect. Default: 500ms; a bare number means
     *     seconds. Range: 1ms to 24h.
     * @param max The longest wait before any later attempt. Default: 15s; a bare number means seconds. Range: initial
     *     to 24h.
     */
    public record Reconnect(
            @DefaultValue("500ms") @DurationUnit(ChronoUnit.SECONDS)
            Duration initial,

            @DefaultValue("15s") @DurationUnit(ChronoUnit.SECONDS)
            Duration max) {}
}
