package io.portproxy.config.properties;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which users may connect, by their addresses. There are three levels: the server, the remote, and the port or host. Only the most
 * specific level that has access decides.
 *
 * @param allow Addresses and ranges that may connect, such as 192.0.2.1 or 2001:db8::/32. All other addresses are refused. Default: all
 *     that are not denied. Range: 1 to 100000 entries.
 * @param deny Addresses and ranges that are refused, even if allow contains them. Default: none. Range: up to 100000 entries.
 */
public record AccessProperties(
        @Nullable List<String> allow, @Nullable List<String> deny) {
    public AccessProperties {
        allow = allow == null ? null : List.copyOf(allow);
        deny = deny == null ? null : List.copyOf(deny);
    }
}
