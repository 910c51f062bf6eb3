package io.portproxy.store;

import io.portproxy.manage.Accounts;
import io.portproxy.manage.GatewayDefinition;
import io.portproxy.manage.StoredRemote;
import java.util.List;

/**
 * All that a start needs of a database.
 *
 * @param gateways by name
 * @param remotes by name
 * @param accounts who may use the admin API
 */
record Content(List<GatewayDefinition> gateways, List<StoredRemote> remotes, Accounts accounts) {
    static final Content NONE = new Content(List.of(), List.of(), Accounts.NONE);

    Content {
        gateways = List.copyOf(gateways);
        remotes = List.copyOf(remotes);
    }
}
