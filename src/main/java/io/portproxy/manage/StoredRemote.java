package io.portproxy.manage;

import java.util.List;

/**
 * A remote as the store keeps it.
 *
 * @param definition the remote as it is configured
 * @param tokens its tokens, in the order in which they were made; expired tokens are included
 */
public record StoredRemote(RemoteDefinition definition, List<RemoteToken> tokens) {

    public StoredRemote {
        tokens = List.copyOf(tokens);
    }

    /** Returns the remote's name. */
    public String name() {
        return definition.name();
    }
}
