package io.portproxy.manage;

import java.util.function.Consumer;

/** Keeps who may use the admin API over restarts. Its methods block. Any thread, one at a time. */
public interface AccountStore {

    /**
     * All of them.
     *
     * @throws StoreException they cannot be read
     */
    Accounts loadAccounts();

    /**
     * Keeps these and no others: all of it or nothing. When it returns, they outlive a crash of the process and of the host.
     *
     * @throws StoreException they cannot be kept
     */
    void saveAccounts(Accounts accounts);

    /**
     * Reads them again, if what a {@link #saveAccounts} has given up was kept after all. Until they are taken, no change is kept. Does
     * nothing else, and then does not block. To be called now and then.
     *
     * @param take takes over what there is; what it throws goes to the caller, and it is to be taken still
     * @throws StoreException they cannot be read
     */
    default void catchUpAccounts(Consumer<Accounts> take) {}
}
