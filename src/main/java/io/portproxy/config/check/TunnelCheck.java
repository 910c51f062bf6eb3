package io.portproxy.config.check;

import io.portproxy.config.properties.TunnelProperties;
import io.portproxy.mux.SessionLimits;
import io.portproxy.tunnel.TunnelSettings;
import org.springframework.util.unit.DataSize;

/** Checks the properties that both roles have, and turns them into settings. */
final class TunnelCheck {
    private final TunnelProperties properties;

    TunnelCheck(TunnelProperties properties) {
        this.properties = properties;
    }

    /** Checks each property. */
    void run(RangeCheck ranges) {
        ranges.duration("heartbeat-interval", properties.heartbeatInterval());
        ranges.duration("idle-timeout", properties.idleTimeout());
        ranges.duration("stall-timeout", properties.stallTimeout());
        ranges.duration("linger-timeout", properties.lingerTimeout());
        ranges.size("stream-buffer", properties.streamBuffer(), DataSize.ofKilobytes(4), DataSize.ofGigabytes(1));
        ranges.size("tunnel-buffer", properties.tunnelBuffer(), DataSize.ofBytes(1), DataSize.ofTerabytes(1));
        ranges.size("initial-window", properties.initialWindow(), DataSize.ofKilobytes(4), DataSize.ofGigabytes(1));
        ranges.size(
                "datagram-queue",
                properties.datagramQueue(),
                DataSize.ofBytes(TunnelSettings.MIN_DATAGRAM_QUEUE),
                DataSize.ofBytes(TunnelSettings.MAX_DATAGRAM_QUEUE));
        ranges.size("max-window", properties.maxWindow(), DataSize.ofKilobytes(4), DataSize.ofGigabytes(1));
        ranges.number("max-streams", properties.maxStreams(), 1, 1_000_000);
        ranges.longer("idle-timeout", properties.idleTimeout(), "heartbeat-interval", properties.heartbeatInterval());
        ranges.atLeast("tunnel-buffer", properties.tunnelBuffer(), "stream-buffer", properties.streamBuffer());
        ranges.atLeast("tunnel-buffer", properties.tunnelBuffer(), "initial-window", properties.initialWindow());
        ranges.atLeast("max-window", properties.maxWindow(), "initial-window", properties.initialWindow());
    }

    /** Returns the settings. Call this only if {@link #run} found no problem. */
    TunnelSettings settings() {
        return new TunnelSettings(
                properties.heartbeatInterval(),
                properties.idleTimeout(),
                properties.lingerTimeout(),
                new SessionLimits(
                        Math.toIntExact(properties.streamBuffer().toBytes()),
                        properties.tunnelBuffer().toBytes(),
                        properties.stallTimeout(),
                        properties.maxStreams(),
                        Math.toIntExact(properties.initialWindow().toBytes()),
                        Math.toIntExact(properties.maxWindow().toBytes())),
                Math.toIntExact(properties.datagramQueue().toBytes()));
    }
}
