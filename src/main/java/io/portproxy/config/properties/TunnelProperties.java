package io.portproxy.config.properties;

import java.time.Duration;
import org.springframework.util.unit.DataSize;

/** The properties of a tunnel, which both roles have. */
public sealed interface TunnelProperties permits ServerProperties, ClientProperties {
    Duration heartbeatInterval();

    Duration idleTimeout();

    Duration stallTimeout();

    Duration lingerTimeout();

    DataSize streamBuffer();

    DataSize tunnelBuffer();

    DataSize initialWindow();

    DataSize maxWindow();

    DataSize datagramQueue();

    int maxStreams();
}
