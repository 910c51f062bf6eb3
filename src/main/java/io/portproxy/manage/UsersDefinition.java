package io.portproxy.manage;

import java.util.Optional;

/**
 * What a host and a port of any type have of their users, as a person describes it: nothing in it need be right. It has the names of the
 * API's JSON, by which the store keeps it; what is missing there has its default.
 *
 * @param access which users may connect; empty: as the remote has it
 */
public record UsersDefinition(Optional<AccessDefinition> access) {
    /** Nothing of it. */
    public static final UsersDefinition NONE = new UsersDefinition(Optional.empty());

    public UsersDefinition {
        access = access == null ? Optional.empty() : access.flatMap(AccessDefinition::unlessEmpty);
    }
}
