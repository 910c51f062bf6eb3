package io.portproxy.manage;

import io.portproxy.usage.UsageStore;

/** Keeps what is added through the API over restarts, and the usage of each port. */
public interface Store extends RemoteStore, AccountStore {
    /** Returns the store of usage. */
    default UsageStore usage() {
        return UsageStore.NONE;
    }
}
