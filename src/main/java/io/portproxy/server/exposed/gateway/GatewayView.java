package io.portproxy.server.exposed.gateway;

import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The state of a gateway at one moment.
 *
 * @param name the name that hosts use for it
 * @param bind the address that users connect to, with the real port
 * @param tls whether users speak https
 * @param redirects whether requests are redirected to https
 * @param trouble why it is not open; empty if it is open
 * @param pending the number of users who have not yet sent what they want
 * @param unknown the number of requests for an unknown host or path, since the start
 * @param crowdedOut the number of users whose connections were closed to make room for new ones, before they had sent
 *     what they want, since the start
 * @param refused the number of users who were refused before their host was known, by reason; only reasons that
 *     occurred
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
