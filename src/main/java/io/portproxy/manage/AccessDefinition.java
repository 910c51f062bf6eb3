package io.portproxy.manage;

import java.util.List;
import java.util.Optional;

/**
 * Which users may connect, as a person describes it: nothing in it need be right.
 *
 * @param allow addresses and ranges of those who may; empty: all that are not denied
 * @param deny addresses and ranges of those who may not, allowed or not
 */
public record AccessDefinition(List<String> allow, List<String> deny) {
    public AccessDefinition {
        allow = allow == null ? List.of() : List.copyOf(allow);
        deny = deny == null ? List.of() : List.copyOf(deny);
    }

    /** Nothing, if it says nothing. */
    public Optional<AccessDefinition> unlessEmpty() {
        return allow.isEmpty() && deny.isEmpty() ? Optional.empty() : Optional.of(this);
    }
}
