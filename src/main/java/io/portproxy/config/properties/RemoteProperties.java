package io.portproxy.config.properties;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.NestedConfigurationProperty;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.boot.convert.DurationUnit;

/**
 * A remote and the ports exposed for it.
 *
 * @param remoteName The remote's name. A name that ends with an asterisk, such as dev-*, is a template: a remote with one of its tokens
 *     can use any name that begins in this way and has no entry of its own. Required. Range: 1 to 255 bytes of UTF-8, only visible
 *     characters and blanks, without slashes, semicolons and percent signs.
 * @param description A description of the remote, for people. Default: none. Range: up to 1000 characters.
 * @param enabled Whether the remote may connect. A disabled remote is refused, and its users are reset. Default:
 *     true. Range: true or false.
 * @param tokens Secrets, each of which proves that a remote may use the name. Use several while one replaces another. Default: none,
 *     anybody may use the name. Range: 16 or more characters each, without blanks; or what an export contains in place of a token
 *     ({scram-sha-256} and two keys).
 * @param portList The ports exposed for this remote. Default: none.
 * @param hostList The host names at gateways that lead to this remote. Default: none.
 * @param grants which ports and which host the remote may ask for
 * @param access which users may connect, if the port or host has no access of its own
 * @param quota how many bytes all its ports and hosts together may carry
 * @param limits how much the users of all its ports and hosts together may use
 * @param holdWhileAway How long a user waits for the remote while it is away, if the port or host does not set this itself. Then the
 *     user is reset. Default: as for the server; a bare number means seconds. Range: 100ms to 300s.
 */
public record RemoteProperties(
        @Nullable String remoteName,
        @Nullable String description,
        @DefaultValue("true") boolean enabled,
        @Nullable List<Secret> tokens,
        @DefaultValue List<PortProperties> portList,
        @DefaultValue List<HostProperties> hostList,
        @Nullable @NestedConfigurationProperty GrantProperties grants,
        @Nullable @NestedConfigurationProperty AccessProperties access,
        @Nullable @NestedConfigurationProperty QuotaProperties quota,
        @Nullable @NestedConfigurationProperty LimitProperties limits,
        @Nullable @DurationUnit(ChronoUnit.SECONDS) Duration holdWhileAway) {
    public RemoteProperties {
        tokens = tokens == null ? null : List.copyOf(tokens);
        portList = List.copyOf(portList);
        hostList = List.copyOf(hostList);
    }
}
