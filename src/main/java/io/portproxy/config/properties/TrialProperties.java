package io.portproxy.config.properties;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.boot.convert.DurationUnit;
import org.springframework.util.unit.DataSize;

/**
 * A trial of a tunnel. These properties are used when the profile {@code trial} is active.
 *
 * @param through The exposed port to connect to as a user: host:port. Its target has to send back what it receives, as the profile echo
 *     does. Required. Range of the port: 1 to 65535.
 * @param bytes How many bytes are sent and have to come back. Default: 1MB. Range: 1B to 1GB.
 * @param within How long to retry until the tunnel is up. Default: 60s; a bare number means seconds. Range: 100ms to
 *     24h.
 */
public record TrialProperties(
        @Nullable String through,
        @DefaultValue("1MB") DataSize bytes,

        @DefaultValue("60s") @DurationUnit(ChronoUnit.SECONDS)
        Duration within) {}
