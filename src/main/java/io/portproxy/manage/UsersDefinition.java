package io.portproxy.manage;

import java.util.List;
import java.util.Optional;

/**
 * What a host and a port of any type have of their users, as a person describes it: nothing in it need be right. It has the names of the
 * API's JSON, by which the store keeps it; what is missing there has its default.
 *
 * @param access which users may connect; empty: as the remote has it
 * @param proxyProtocol how the target is told who the user is, ahead of all else: {@code v1} or {@code v2}; empty if it is not
 * @param acceptProxyProtocol addresses and ranges from which connections begin with a header that says who the user is; a host has none
 * @param quota how many bytes may pass; empty for any number
 * @param limits how much they may have; empty for any
 * @param holdWhileAway how long they wait for the remote while it is away, as in {@code 5s}; empty: as the remote has it
 */
public record UsersDefinition(
        Optional<AccessDefinition> access,
        Optional<String> proxyProtocol,
        List<String> acceptProxyProtocol,
        Optional<QuotaDefinition> quota,
        Optional<LimitsDefinition> limits,
        Optional<String> holdWhileAway) {
    /** Nothing of it. */
    public static final UsersDefinition NONE = new UsersDefinition(Optional.empty(), Optional.empty(), List.of());

    public UsersDefinition {
        access = access == null ? Optional.empty() : access.flatMap(AccessDefinition::unlessEmpty);
        proxyProtocol = proxyProtocol == null ? Optional.empty() : proxyProtocol;
        quota = quota == null ? Optional.empty() : quota;
        acceptProxyProtocol = acceptProxyProtocol == null ? List.of() : List.copyOf(acceptProxyProtocol);
        limits = limits == null ? Optional.empty() : limits.flatMap(LimitsDefinition::unlessEmpty);
        holdWhileAway = holdWhileAway == null ? Optional.empty() : holdWhileAway;
    }

    /** One without a quota, and without limits. */
    public UsersDefinition(
            Optional<AccessDefinition> access, Optional<String> proxyProtocol, List<String> acceptProxyProtocol) {
        this(access, proxyProtocol, acceptProxyProtocol, Optional.empty(), Optional.empty(), Optional.empty());
    }
}
