package io.portproxy.config.properties;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.boot.convert.DurationUnit;

/**
 * Which ports, and which host at gateways, a remote may ask for. Without this, the remote may ask for none.
 *
 * @param ports The lowest and the highest port that the remote may ask for, such as 20000-20999, or the only one. Required, unless
 *     hosts is set. Range: 1 to 65535.
 * @param hosts The host that the remote may ask for. {name} stands for the remote's name, as in
 *     {name}.dev.example.com. Default: none.
 * @param max How many ports the remote may have at a time. Default: 5. Range: 1 to 1000.
 * @param sticky How long a port is kept for the remote while it is away. Then the port is closed. Default: 24h; a bare number means
 *     seconds. Range: 0s to 720h.
 * @param bind The address of this machine that users connect to, such as 0.0.0.0 for all of them. Default: 127.0.0.1.
 * @param maxRemotes How many remotes a template may have at a time. Remotes that are away count if they have ports. Default: 100.
 *     Range: 1 to 10000.
 */
public record GrantProperties(
        @Nullable String ports,
        @Nullable String hosts,
        @DefaultValue("5") int max,

        @DefaultValue("24h") @DurationUnit(ChronoUnit.SECONDS)
        Duration sticky,

        @DefaultValue("127.0.0.1") String bind,
        @DefaultValue("100") int maxRemotes) {}
