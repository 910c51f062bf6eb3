package io.portproxy.server.exposed;

import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A gateway as it was at one moment.
 *
 * @param name what hosts call it
 * @param bind the address that users connect to, with the port that it really has
 * @param tls whether users speak https
 * @param redirects whether requests are redirected to https
 * @param trouble why it is not open; empty when it is
 * @param pending users who have not said yet what they want
 * @param unknown requests for a host or path that is not there, since the start
 * @param crowdedOut users who were ended for newcomers before they had said what they want, since the start
 * @param refused users who were refused before it was known for which host they came, by why; only what has happened
 */
public record GatewayView(
        String name,
        String bind,
        boolean tls,
        boolean redirects,
        Optional<String> trouble,
        int pending,
        long unknown,
        long crowdedOut,
        Map<String, Long> refused) {
    public GatewayView {
        refused = Collections.unmodifiableMap(new TreeMap<>(refused));
    }
}
