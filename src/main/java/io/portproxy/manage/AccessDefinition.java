package io.portproxy.manage;

import java.util.List;
import java.util.Optional;

/**
 * The users that may connect, as an operator configures them. The values are not checked.
 *
 * @param allow addresses and ranges of users that may connect; empty: all users that {@code deny} does not list
 * @param deny addresses and ranges of users that may not connect, even if {@code allow} lists them
 */
public record AccessDefinition(List<String> allow, List<String> deny) {
    public AccessDefinition {
        allow = allow == null ? List.of() : List.copyOf(allow);
        deny = deny == null ? List.of() : List.copyOf(deny);
    }

    /** Returns this access list, or empty if both of its lists are empty. */
    public Optional<AccessDefinition> unlessEmpty() {
        return allow.isEmpty() && deny.isEmpty() ? Optional.empty() : Optional.of(this);
    }
}
