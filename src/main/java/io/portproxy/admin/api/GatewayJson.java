package io.portproxy.admin.api;

import io.portproxy.server.exposed.GatewayView;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.Map;
import java.util.Optional;

/**
 * An address at which many hosts are reached.
 *
 * @param name what hosts call it
 * @param address the address that users connect to
 * @param tls whether users speak https
 * @param redirectToHttps whether requests are redirected to https
 * @param trouble why it is not open: {@code closed}, as the process stops, or what the operating system answered; null if it is
 * @param pending users who have not said yet what they want
 * @param unknown requests for a host or path that is not there, since the start
 * @param crowdedOut users who were ended for newcomers before they had said what they want, since the start
 * @param refused users who were refused before it was known for which host they came, by reason: {@code access}, an access list does not
 *     have them; {@code banned}, see bans; {@code proxy_header}, what the connection began with was not as the PROXY protocol has it, or not allowed
 */
@Schema(name = "Gateway")
record GatewayJson(
        String name,
        String address,
        boolean tls,
        boolean redirectToHttps,
        Optional<String> trouble,
        int pending,
        long unknown,
        long crowdedOut,
        Map<String, Long> refused) {
    static GatewayJson of(GatewayView gateway) {
        return new GatewayJson(
                gateway.name(),
                gateway.bind(),
                gateway.tls(),
                gateway.redirects(),
                gateway.trouble(),
                gateway.pending(),
                gateway.unknown(),
                gateway.crowdedOut(),
                gateway.refused());
    }
}
