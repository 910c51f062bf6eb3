package io.portproxy.config;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.NestedConfigurationProperty;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.boot.convert.DurationUnit;
import org.springframework.util.unit.DataSize;

/**
 * The remote's role; looked at when the profile {@code client} is active.
 *
 * @param name The remote name, which the proxy server knows this client by. Required. Range: 1 to 255 bytes of UTF-8.
 * @param server The proxy server to dial: host:port or [v6]:port. Its name is resolved anew for each dial. Required.
 *     Range of the port: 1 to 65535.
 * @param protocol The dialect to speak. Default: classic. Range: classic.
 * @param heartbeatInterval Between two heartbeats. Default: 5s; a bare number means seconds. Range: 100ms to 24h.
 * @param idleTimeout How long the tunnel may take no byte of ours before it is given up. Default: 30s; a bare number
 *     means seconds. Range: longer than heartbeat-interval, to 24h.
 * @param connectTimeout How long one dial may take, of the proxy server or of a target. Default: 5s; a bare number means
 *     seconds. Range: 100ms to 24h.
 * @param reconnect the waits between dials
 * @param stallTimeout How long one stream's slow reader may keep the tunnel from being read before that stream is
 *     dropped. Default: 10s; a bare number means seconds. Range: 100ms to 24h.
 * @param lingerTimeout How long a socket that was sent its last byte is still read, so that a late byte from the other
 *     end does not turn the clean end into a reset. Default: 5s; a bare number means seconds. Range: 100ms to 24h.
 * @param streamBuffer Bytes that may wait for one stream's socket before the tunnel is no longer read. Default: 1MB.
 *     Range: 4KB to 1GB.
 * @param tunnelBuffer Bytes that may wait for all sockets of the tunnel together before it is no longer read. Default:
 *     16MB. Range: stream-buffer to 1TB.
 * @param maxStreams Streams that the tunnel may have at a time; further ones are refused. Default: 65536. Range: 1 to
 *     1000000.
 * @param resolveAtStart Whether a proxy server whose name cannot be resolved stops the start. When false, it is tried
 *     again for ever, like any other failed dial. Default: true. Range: true or false.
 */
public record ClientProperties(
        @Nullable String name,
        @Nullable String server,
        @DefaultValue("classic") Dialect protocol,

        @DefaultValue("5s") @DurationUnit(ChronoUnit.SECONDS)
        Duration heartbeatInterval,

        @DefaultValue("30s") @DurationUnit(ChronoUnit.SECONDS)
        Duration idleTimeout,

        @DefaultValue("5s") @DurationUnit(ChronoUnit.SECONDS)
        Duration connectTimeout,

        @DefaultValue @NestedConfigurationProperty Reconnect reconnect,

        @DefaultValue("10s") @DurationUnit(ChronoUnit.SECONDS)
        Duration stallTimeout,

        @DefaultValue("5s") @DurationUnit(ChronoUnit.SECONDS)
        Duration lingerTimeout,

        @DefaultValue("1MB") DataSize streamBuffer,
        @DefaultValue("16MB") DataSize tunnelBuffer,
        @DefaultValue("65536") int maxStreams,
        @DefaultValue("true") boolean resolveAtStart) {

    TunnelLimits limits() {
        return new TunnelLimits(
                heartbeatInterval, idleTimeout, stallTimeout, lingerTimeout, streamBuffer, tunnelBuffer, maxStreams);
    }

    /**
     * The waits between dials: they grow from {@code initial} to {@code max}, with jitter.
     *
     * @param initial The wait before the first new dial is at most this. Default: 500ms; a bare number means seconds.
     *     Range: 1ms to 24h.
     * @param max The wait before any later dial is at most this. Default: 15s; a bare number means seconds. Range:
     *     initial to 24h.
     */
    public record Reconnect(
            @DefaultValue("500ms") @DurationUnit(ChronoUnit.SECONDS)
            Duration initial,

            @DefaultValue("15s") @DurationUnit(ChronoUnit.SECONDS)
            Duration max) {}

    /** A dialect of the tunnel protocol. */
    public enum Dialect {
        /** The five instructions that existing remotes and proxy servers speak; no authentication. */
        CLASSIC
    }
}
