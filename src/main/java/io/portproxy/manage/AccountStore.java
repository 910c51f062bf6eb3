package io.portproxy.manage;

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
}
