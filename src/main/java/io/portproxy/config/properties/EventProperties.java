package io.portproxy.config.properties;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.boot.convert.DurationUnit;

/**
 * The limits of the admin API's events. A subscriber that reads nothing for {@code server.tomcat.connection-timeout} is
 * disconnected.
 *
 * @param kept How many events are kept for subscribers that connect later or read slowly. In addition, as many events are kept that are not
 *     about connections. Older ones are dropped, and the subscriber is told how many it has missed. Default: 8192. Range: 16 to 1048576.
 * @param maxSubscribers How many programs may subscribe to events at a time. Default: 32. Range: 1 to 1024.
 * @param heartbeatInterval How long a subscriber gets no event before the server sends it a comment. Default: 15s; a bare number means
 *     seconds. Range: 100ms to 24h.
 */
public record EventProperties(
        @DefaultValue("8192") int kept,
        @DefaultValue("32") int maxSubscribers,

        @DefaultValue("15s") @DurationUnit(ChronoUnit.SECONDS)
        Duration heartbeatInterval) {}
