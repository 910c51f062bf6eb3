package io.portproxy.admin.api;

import io.portproxy.server.exposed.PortView;
import io.portproxy.server.exposed.user.PortRefusal;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * An exposed port, which users connect to.
 *
 * @param bind the address that users connect to; of a host at gateways its name and path, such as
 *     {@code app.example.com/api}
 * @param type what the port carries: {@code tcp}, {@code http} or {@code udp}; {@code host}: it is not a port but a
 *     host at gateways
 * @param remote the remote's name
 * @param target the target's address as the remote sees it
 * @param origin {@code configured}, or {@code granted}: the remote asked for it
 * @param state what happens to a user who connects now: {@code ready}, the connection goes to the remote;
 *     {@code disabled}, {@code remote_away}, {@code limit}, {@code dialect}, {@code proxy_protocol}, it is reset at
 *     once, and counted in {@code refused} for that reason, as with {@code quota} and the {@code limit_...} of limits.
 *     {@code dialect}: the remote cannot name the target's host, or cannot carry datagrams (type udp).
 *     {@code not_listening}: the port is not open, see {@code trouble}
 * @param listening whether the port is open, whatever the remote's state
 * @param trouble why the port is not open: {@code closed}, because the process stops, or the error of the operating
 *     system; null if it is open
 * @param denied when the remote last refused the target because its own list does not allow it; null if it never did,
 *     or has opened the target since
 * @param live open connections
 * @param total connections that were opened
 * @param bytesIn bytes from users
 * @param bytesOut bytes for users
 * @param refused users who were refused at once, by reason: {@code disabled}, {@code remote_away}, {@code limit},
 *     {@code quota}, the {@code limit_...} of limits, {@code dialect}, {@code proxy_protocol}, {@code changed} (while
 *     the user waited, the port got another target or was removed), {@code access} (an access list does not allow the
 *     address), {@code banned}, {@code proxy_header} (the header of the PROXY protocol is missing, wrong or not allowed); where
 *     users have to log in, also {@code unauthorized}, {@code guesses} (too many wrong passwords), {@code checks} (too
 *     many passwords to check at a time), {@code crowded_out} (too many users without a complete request) and
 *     {@code late} (the request was too slow)
 * @param failed connections whose target could not be reached, by reason
 * @param closed connections that ended, by reason, including those that failed
 * @param statuses HTTP requests that were answered, by the class of the status, such as {@code 2xx}; empty if the type
 *     is not {@code http}
 * @param firstByteP50 the median of the seconds from a request to the first byte of its answer, approximately; null if
 *     there was no request
 * @param firstByteP99 the 99th percentile of the same; null if there was no request
 * @param datagramsIn datagrams from users that were carried; only of type udp
 * @param datagramsOut datagrams for users that were carried; only of type udp
 * @param datagramsDropped datagrams that were dropped, by reason; only of type udp
 * @param sessionsReplaced sessions that ended to make room for new ones, because there were {@code maxSessions}; only
 *     of type udp
 */
@Schema(name = "Port")
record PortJson(
        String bind,
        String type,
        String remote,
        String target,
        String origin,
        String state,
        boolean listening,
        Optional<String> trouble,
        Optional<Instant> denied,
        long live,
        long total,
        long bytesIn,
        long bytesOut,
        Map<String, Long> refused,
        Map<String, Long> failed,
        Map<String, Long> closed,
        Map<String, Long> statuses,
        Optional<Double> firstByteP50,
        Optional<Double> firstByteP99,
        long datagramsIn,
        long datagramsOut,
        Map<String, Long> datagramsDropped,
        long sessionsReplaced) {
    private static final String READY = "ready";
    private static final String NOT_LISTENING = "not_listening";
    private static final Set<String> FAILURES =
            Set.of("target_refused", "target_unreachable", "dial_timeout", "denied", "limit");

    private static String state(PortView port) {
        return port.listening() ? port.refusing().map(PortRefusal::key).orElse(READY) : NOT_LISTENING;
    }

    static final List<String> STATES = Stream.concat(
                    Stream.concat(
                            Stream.of(READY),
                            Arrays.stream(PortRefusal.values()).map(PortRefusal::key)),
                    Stream.of(NOT_LISTENING))
            .toList();

    static final List<String> ORIGINS = Origin.keys(Origin.CONFIGURED, Origin.GRANTED);

    static PortJson of(PortView port) {
        Map<String, Long> failed = new TreeMap<>(port.streams().closed());
        failed.keySet().retainAll(FAILURES);
        return new PortJson(
                port.bind(),
                port.type(),
                port.remote(),
                port.target(),
                (port.granted() ? Origin.GRANTED : Origin.CONFIGURED).key(),
                state(port),
                port.listening(),
                port.trouble(),
                port.denied(),
                port.streams().live(),
                port.streams().opened(),
                port.streams().bytesIn(),
                port.streams().bytesOut(),
                port.refused(),
                failed,
                port.streams().closed(),
                port.requests().statuses(),
                seconds(port, 0.5),
                seconds(port, 0.99),
                port.datagrams().in(),
                port.datagrams().out(),
                port.datagrams().dropped(),
                port.datagrams().replacedSessions());
    }

    private static Optional<Double> seconds(PortView port, double part) {
        return port.requests().firstByteQuantile(part).map(time -> time.toNanos() / 1e9);
    }
}
