package io.portproxy.server.exposed.gateway;

import io.portproxy.net.EventLoop;
import io.portproxy.net.LogFields;
import io.portproxy.net.LogLimit;
import io.portproxy.server.exposed.RouteRefusals;
import io.portproxy.server.exposed.user.Bans;
import io.portproxy.server.exposed.user.FirstRequest;
import io.portproxy.server.exposed.user.HeaderPreface;
import io.portproxy.server.exposed.user.IncomingConnection;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * The users whom a gateway does not lead to a remote. Counts them, and logs those who are refused before they have sent
 * what they want.
 */
final class GatewayRefusals {
    private static final Logger log = LoggerFactory.getLogger(GatewayRefusals.class);

    private final Supplier<String> gateway;
    private final LogLimit strangers;
    private final LongAdder unknown = new LongAdder();
    private final LongAdder crowdedOut = new LongAdder();
    private final LongAdder denied = new LongAdder();
    private final LongAdder badHeaders = new LongAdder();
    private final LongAdder banned = new LongAdder();
    private final LongAdder late = new LongAdder();

    /**
     * @param gateway returns the current name of the gateway
     * @param loop the gateway's loop
     */
    GatewayRefusals(Supplier<String> gateway, EventLoop loop) {
        this.gateway = gateway;
        this.strangers = new LogLimit(loop::nanoTime, 1);
    }

    /** The counter of requests for a host that the gateway does not have. */
    LongAdder unknown() {
        return unknown;
    }

    /** The counter of users whose connections were closed because too many users had not yet sent what they want. */
    LongAdder crowdedOut() {
        return crowdedOut;
    }

    /** Counts and logs that an access list refuses a user. This also counts for a ban. */
    void denied(IncomingConnection user) {
        user.failed();
        refused(user, denied, RouteRefusals.DENIED, "an access list does not allow that address");
    }

    /**
     * Counts that a user asked for an unknown host, and may use no host without an access list. The caller answers the
     * user. This also counts for a ban.
     */
    void deniedHost(IncomingConnection user) {
        denied.increment();
        user.failed();
    }

    void banned(IncomingConnection user) {
        refused(user, banned, Bans.REFUSED, "its address is banned");
    }

    /** @param why what is wrong with the header of the PROXY protocol */
    void badHeader(IncomingConnection user, String why) {
        refused(user, badHeaders, HeaderPreface.REFUSED, why);
    }

    /**
     * Counts that a handshake or request was not complete in time. The owner of the connection answers or resets it.
     * The log line has level debug, because every scan of the Internet causes it.
     */
    void late(IncomingConnection user) {
        late.increment();
        log.debug(
                "gateway {}: user {} refused: its request was not complete in time", gateway.get(), user.addressText());
    }

    private void refused(IncomingConnection user, LongAdder count, String reason, String text) {
        count.increment();
        LogFields.port(gateway.get())
                .andReason(reason)
                .log(() -> strangers.log(
                        log, Level.INFO, "gateway {}: user {} refused: {}", gateway.get(), user.addressText(), text));
    }

    /** The number of refused users by reason; only reasons that occurred. Any thread. */
    Map<String, Long> byReason() {
        Map<String, Long> counts = new HashMap<>();
        counts.put(RouteRefusals.DENIED, denied.sum());
        counts.put(HeaderPreface.REFUSED, badHeaders.sum());
        counts.put(Bans.REFUSED, banned.sum());
        counts.put(FirstRequest.LATE, late.sum());
        counts.values().removeIf(count -> count == 0);
        return counts;
    }
}
