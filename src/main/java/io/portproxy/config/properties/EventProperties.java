package io.portproxy.config.properties;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.boot.convert.DurationUnit;

/**
 * The limits of the admin API's events. A subscriber that reads nothing for {@code server.tomcat.connection-timeout} is
 * disconnected.
 *
 * @param kept How many events are kept for subscribers that come later or read slowly, and how many besides that are not
 *     about connections. Older ones are dropped, and the subscriber is told. Default: 8192. Range: 16 to 1048576.
 * @param maxSubscribers How many programs may listen at a time. Default: 32. Range: 1 to 1024.
 * @param heartbeatInterval After how long without an event a comment is sent. Default: 15s; a bare number means seconds. Range: 100ms to 24h.
 */
public record EventProperties(
        @DefaultValue("8192") int kept,
        @DefaultValue("32") int maxSubscribers,

        @DefaultValue("15s") @DurationUnit(ChronoUnit.SECONDS)
        Duration heartbeatInterval) {}
