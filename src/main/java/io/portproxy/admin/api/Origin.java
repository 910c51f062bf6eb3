package io.portproxy.admin.api;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** Who declares a remote, a port, a host or a gateway. */
enum Origin {
    /** A file of the configuration. */
    FILE,
    /** The store, which this API changes. */
    STORE,
    /** A file or the store. */
    CONFIGURED,
    /** The remote, which has asked for it. */
    GRANTED;

    /** The name in the API. */
    String key() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Returns the names in the API. */
    static List<String> keys(Origin... some) {
        return Arrays.stream(some).map(Origin::key).toList();
    }
}
