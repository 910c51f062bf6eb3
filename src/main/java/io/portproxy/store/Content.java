package io.portproxy.store;

import io.portproxy.manage.Accounts;
import io.portproxy.manage.StoredRemote;
import java.util.List;

/**
 * All that a start needs of a database.
 *
 * @param remotes by name
 * @param accounts who may use the admin API
 */
record Content(List<StoredRemote> remotes, Accounts accounts) {
    static final Content NONE = new Content(List.of(), Accounts.NONE);

    Content {
        remotes = List.copyOf(remotes);
    }
}
