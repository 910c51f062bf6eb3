package io.portproxy.config.properties;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.boot.convert.DurationUnit;

/**
 * The limits of what the admin API tells of events. One who listens and takes no byte for {@code
 * server.tomcat.connection-timeout} is ended.
 *
 * @param kept Events that are kept for those who come later or read slowly; older ones are dropped, which they are told.
 *     Default: 8192. Range: 16 to 1048576.
 * @param maxSubscribers Programs that may listen at a time. Default: 32. Range: 1 to 1024.
 * @param heartbeatInterval How long one that listens may hear nothing before there is a comment. Default: 15s; a bare
 *     number means seconds. Range: 100ms to 24h.
 */
public record EventProperties(
        @DefaultValue("8192") int kept,
        @DefaultValue("32") int maxSubscribers,

        @DefaultValue("15s") @DurationUnit(ChronoUnit.SECONDS)
        Duration heartbeatInterval) {}
