package io.portproxy.store;

import io.portproxy.manage.Accounts;
import io.portproxy.manage.GatewayDefinition;
import io.portproxy.manage.StoredRemote;
import java.util.List;

/**
 * All that a start needs from a database.
 *
 * @param gateways the gateways, sorted by name
 * @param remotes the remotes, sorted by name
 * @param accounts the users and tokens of the admin API
 */
record Content(List<GatewayDefinition> gateways, List<StoredRemote> remotes, Accounts accounts) {
    static final Content NONE = new Content(List.of(), List.of(), Accounts.NONE);

    Content {
        gateways = List.copyOf(gateways);
        remotes = List.copyOf(remotes);
    }
}
