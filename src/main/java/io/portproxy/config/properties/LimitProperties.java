package io.portproxy.config.properties;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.NestedConfigurationProperty;
import org.springframework.boot.convert.DurationUnit;
import org.springframework.util.unit.DataSize;

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
public record LimitProperties(
        @Nullable Integer connections,
        @Nullable Integer connectionsPerUser,
        @Nullable Integer opensPerSecond,
        @Nullable Integer opensPerSecondPerUser,
        @Nullable @NestedConfigurationProperty Bandwidth bandwidth,
        @Nullable @NestedConfigurationProperty Bandwidth bandwidthPerConnection,
        @Nullable @DurationUnit(ChronoUnit.SECONDS) Duration idleTimeout,
        @Nullable @DurationUnit(ChronoUnit.SECONDS) Duration maxDuration) {
    /**
     * Bytes per second.
     *
     * @param in Bytes per second from users to targets, such as 10MB. Default: any number. Range: 1KB to 1TB.
     * @param out Bytes per second from targets to users. Default: any number. Range: 1KB to 1TB.
     */
    public record Bandwidth(@Nullable DataSize in, @Nullable DataSize out) {}
}
