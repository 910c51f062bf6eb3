package io.portproxy.manage;

import java.util.List;

/**
 * A remote as the store keeps it.
 *
 * @param definition what it is
 * @param tokens those that it has, in the order in which they were made; those that have expired among them
 */
public record StoredRemote(RemoteDefinition definition, List<RemoteToken> tokens) {

    public StoredRemote {
        tokens = List.copyOf(tokens);
    }

    /** The remote's name. */
    public String name() {
        return definition.name();
    }
}
