package io.portproxy.admin;

import io.portproxy.server.PortView;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * An exposed port as JSON has it.
 *
 * @param bind the address that users connect to
 * @param type {@code tcp} or {@code http}
 * @param remote the remote's name
 * @param target the target's address as the remote sees it
 * @param listening whether users can connect
 * @param trouble why not: {@code closed}, as the process stops, or what the operating system answered; null if they can
 * @param live connections that are open
 * @param total connections that were opened
 * @param bytesIn bytes from users
 * @param bytesOut bytes for users
 * @param refused users who were reset at once, by reason: {@code remote_away}, {@code limit}, {@code dialect}
 * @param failed connections whose target could not be had, by reason
 * @param closed all connections that ended, by reason, those that failed among them
 */
@Schema(name = "Port")
record PortJson(
        String bind,
        String type,
        String remote,
        String target,
        boolean listening,
        Optional<String> trouble,
        long live,
        long total,
        long bytesIn,
        long bytesOut,
        Map<String, Long> refused,
        Map<String, Long> failed,
        Map<String, Long> closed) {
    private static final Set<String> FAILURES =
            Set.of("target_refused", "target_unreachable", "dial_timeout", "denied", "limit");

    static PortJson of(PortView port) {
        Map<String, Long> failed = new TreeMap<>(port.streams().closed());
        failed.keySet().retainAll(FAILURES);
        return new PortJson(
                port.bind(),
                port.type(),
                port.remote(),
                port.target(),
                port.listening(),
                port.trouble(),
                port.streams().live(),
                port.streams().opened(),
                port.streams().bytesIn(),
                port.streams().bytesOut(),
                port.refused(),
                failed,
                port.streams().closed());
    }
}
