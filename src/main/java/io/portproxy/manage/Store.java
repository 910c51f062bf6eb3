package io.portproxy.manage;

import io.portproxy.usage.UsageStore;

/** Keeps what the API adds over restarts, and what has come to each port. */
public interface Store extends RemoteStore, AccountStore {
    /** Keeps usage. */
    default UsageStore usage() {
        return UsageStore.NONE;
    }
}
