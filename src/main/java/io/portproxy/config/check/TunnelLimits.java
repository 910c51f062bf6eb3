package io.portproxy.config.check;

import io.portproxy.config.properties.ClientProperties;
import io.portproxy.config.properties.ServerProperties;
import io.portproxy.tunnel.TunnelSettings;
import java.time.Duration;
import org.springframework.util.unit.DataSize;

/** The keys that both roles have, as they were written. */
record TunnelLimits(
        Duration heartbeatInterval,
        Duration idleTimeout,
        Duration stallTimeout,
        Duration lingerTimeout,
        DataSize streamBuffer,
        DataSize tunnelBuffer,
        DataSize initialWindow,
        DataSize maxWindow,
        int maxStreams) {

    /** Stands in on a remote, where the window that the server states counts. */
    private static final DataSize SERVERS_WINDOW = DataSize.ofKilobytes(4);

    /** Those of a proxy server. */
    static TunnelLimits of(ServerProperties properties) {
        return new TunnelLimits(
                properties.heartbeatInterval(),
                properties.idleTimeout(),
                properties.stallTimeout(),
                properties.lingerTimeout(),
                properties.streamBuffer(),
                properties.tunnelBuffer(),
                properties.initialWindow(),
                properties.maxWindow(),
                properties.maxStreams());
    }

    /** Those of a remote. */
    static TunnelLimits of(ClientProperties properties) {
        return new TunnelLimits(
                properties.heartbeatInterval(),
                properties.idleTimeout(),
                properties.stallTimeout(),
                properties.lingerTimeout(),
                properties.streamBuffer(),
                properties.tunnelBuffer(),
                SERVERS_WINDOW,
                properties.maxWindow(),
                properties.maxStreams());
    }

    /** Checks every key below {@code prefix}. */
    void check(RangeCheck ranges) {
        ranges.duration("heartbeat-interval", heartbeatInterval);
        ranges.duration("idle-timeout", idleTimeout);
        ranges.duration("stall-timeout", stallTimeout);
        ranges.duration("linger-timeout", lingerTimeout);
        ranges.size("stream-buffer", streamBuffer, DataSize.ofKilobytes(4), DataSize.ofGigabytes(1));
        ranges.size("tunnel-buffer", tunnelBuffer, DataSize.ofBytes(1), DataSize.ofTerabytes(1));
        ranges.size("initial-window", initialWindow, DataSize.ofKilobytes(4), DataSize.ofGigabytes(1));
        ranges.size("max-window", maxWindow, DataSize.ofKilobytes(4), DataSize.ofGigabytes(1));
        ranges.number("max-streams", maxStreams, 1, 1_000_000);
        ranges.longer("idle-timeout", idleTimeout, "heartbeat-interval", heartbeatInterval);
        ranges.atLeast("tunnel-buffer", tunnelBuffer, "stream-buffer", streamBuffer);
        ranges.atLeast("tunnel-buffer", tunnelBuffer, "initial-window", initialWindow);
        ranges.atLeast("max-window", maxWindow, "initial-window", initialWindow);
    }

    /** The settings; only after {@link #check} found nothing. */
    TunnelSettings settings() {
        return new TunnelSettings(
                heartbeatInterval,
                idleTimeout,
                stallTimeout,
                lingerTimeout,
                Math.toIntExact(streamBuffer.toBytes()),
                tunnelBuffer.toBytes(),
                Math.toIntExact(initialWindow.toBytes()),
                Math.toIntExact(maxWindow.toBytes()),
                maxStreams);
    }
}
