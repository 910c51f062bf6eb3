package io.portproxy.server.exposed;

import io.portproxy.net.EventLoop;
import io.portproxy.net.LogFields;
import io.portproxy.net.LogLimit;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/** Counts users whom a gateway does not lead to a remote, and logs those who are refused before they have said what they want. */
final class GatewayRefusals {
    private static final Logger log = LoggerFactory.getLogger(GatewayRefusals.class);

    private final Supplier<String> gateway;
    private final Bans bans;
    private final LogLimit strangers;
    private final LongAdder unknown = new LongAdder();
    private final LongAdder crowdedOut = new LongAdder();
    private final LongAdder denied = new LongAdder();
    private final LongAdder badHeaders = new LongAdder();
    private final LongAdder banned = new LongAdder();
    private final LongAdder late = new LongAdder();

    /**
     * @param gateway what hosts call the gateway now
     * @param loop the gateway's
     */
    GatewayRefusals(Supplier<String> gateway, Bans bans, EventLoop loop) {
        this.gateway = gateway;
        this.bans = bans;
        this.strangers = new LogLimit(loop::nanoTime, 1);
    }

    /** Users who asked for a host that the gateway does not have. */
    LongAdder unknown() {
        return unknown;
    }

    /** Users who had to go as too many had not said yet what they want. */
    LongAdder crowdedOut() {
        return crowdedOut;
    }

    /** An access list does not let the user in, which counts for a ban. */
    void denied(UserConnection user) {
        bans.failed(user.user().getAddress());
        refused(user, denied, Route.DENIED, "an access list does not let that address in");
    }

    /** An unknown host was asked for by a user who may use none that has no access list. The user is answered; it counts for a ban. */
    void deniedHost(UserConnection user) {
        denied.increment();
        bans.failed(user.user().getAddress());
    }

    void banned(UserConnection user) {
        refused(user, banned, Bans.REFUSED, "its address is banned");
    }

    /** @param why what is wrong with its header of the PROXY protocol */
    void badHeader(UserConnection user, String why) {
        refused(user, badHeaders, HeaderPreface.REFUSED, why);
    }

    /** Its handshake or request was not complete in time. It is answered or reset by who has it. At level debug: whoever scans the Internet does so. */
    void late(UserConnection user) {
        late.increment();
        log.debug("gateway {}: user {} refused: its request was not complete in time", gateway.get(), user.userText());
    }

    private void refused(UserConnection user, LongAdder count, String reason, String text) {
        count.increment();
        LogFields.port(gateway.get())
                .andReason(reason)
                .log(() -> strangers.log(
                        log, Level.INFO, "gateway {}: user {} refused: {}", gateway.get(), user.userText(), text));
    }

    /** How many were refused, by reason; reasons for which nobody was are left out. Any thread. */
    Map<String, Long> byReason() {
        Map<String, Long> counts = new HashMap<>();
        counts.put(Route.DENIED, denied.sum());
        counts.put(HeaderPreface.REFUSED, badHeaders.sum());
        counts.put(Bans.REFUSED, banned.sum());
        counts.put(FirstRequest.LATE, late.sum());
        counts.values().removeIf(count -> count == 0);
        return counts;
    }
}
