package io.portproxy.manage;

import java.util.List;
import java.util.Optional;

/**
 * How a host, and a port of any type, handle their users, as an operator configures it. The values are not checked. The names are those of
 * the API's JSON, and the store keeps the definition under these names. A value that is missing in the JSON has its default.
 *
 * @param access the users that may connect; empty: the remote's access list
 * @param proxyProtocol the version of the PROXY protocol header that tells the target who the user is: {@code v1} or {@code v2}; empty for
 *     no header
 * @param acceptProxyProtocol addresses and ranges whose connections begin with a PROXY protocol header; a host has none
 * @param quota how many bytes may pass; empty for no limit
 * @param limits the limits for its users; empty for none
 * @param holdWhileAway how long users wait while the remote is away, for example {@code 5s}; empty: the remote's value
 */
public record UsersDefinition(
        Optional<AccessDefinition> access,
        Optional<String> proxyProtocol,
        List<String> acceptProxyProtocol,
        Optional<QuotaDefinition> quota,
        Optional<LimitsDefinition> limits,
        Optional<String> holdWhileAway) {
    /** The defaults. */
    public static final UsersDefinition NONE = new UsersDefinition(Optional.empty(), Optional.empty(), List.of());

    public UsersDefinition {
        access = access == null ? Optional.empty() : access.flatMap(AccessDefinition::unlessEmpty);
        proxyProtocol = proxyProtocol == null ? Optional.empty() : proxyProtocol;
        quota = quota == null ? Optional.empty() : quota;
        acceptProxyProtocol = acceptProxyProtocol == null ? List.of() : List.copyOf(acceptProxyProtocol);
        limits = limits == null ? Optional.empty() : limits.flatMap(LimitsDefinition::unlessEmpty);
        holdWhileAway = holdWhileAway == null ? Optional.empty() : holdWhileAway;
    }

    /** Settings without a quota, limits and {@link #holdWhileAway}. */
    public UsersDefinition(
            Optional<AccessDefinition> access, Optional<String> proxyProtocol, List<String> acceptProxyProtocol) {
        this(access, proxyProtocol, acceptProxyProtocol, Optional.empty(), Optional.empty(), Optional.empty());
    }
}
