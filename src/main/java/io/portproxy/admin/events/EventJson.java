package io.portproxy.admin.events;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.portproxy.tunnel.telemetry.Event;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * An event. Fields that do not apply are left out.
 *
 * @param sequence the event's number in this process, from 1
 * @param at when it happened
 * @param type what has happened: {@code remote-up}, {@code remote-down}, {@code tunnel-up}, {@code tunnel-down},
 *     {@code stream-opened}, {@code stream-closed}, {@code stream-refused}, {@code greeting-refused},
 *     {@code dial-failed}, {@code remote-added}, {@code remote-changed}, {@code remote-removed}, {@code gateway-added},
 *     {@code gateway-changed}, {@code gateway-removed}, {@code port-exposed}, {@code port-closed}, {@code port-refused},
 *     {@code bind-refused}, {@code quota-warning}, {@code quota-exceeded}, {@code certificate-issued},
 *     {@code certificate-failed}, or {@code dropped}: events are missing here, because they were
 *     overwritten before they were read
 * @param role which end reports it: {@code server} or {@code client}
 * @param remote the remote's name; for a refused greeting the name that was claimed, if there was one
 * @param address the other end's address, of a tunnel or a greeting
 * @param port the address that the user connected to; absent in events that a client reports
 * @param identity the connection's identity, 12 hexadecimal digits
 * @param user the user's address
 * @param target the target's address as the remote sees it
 * @param reason why it happened, such as {@code user_reset}
 * @param bytesIn bytes from the user
 * @param bytesOut bytes for the user
 * @param lastedMillis how long the connection or the tunnel lasted, in milliseconds
 * @param message more about the event, for people
 * @param count how many events were dropped, whatever their type
 */
@Schema(name = "Event")
@JsonInclude(JsonInclude.Include.NON_ABSENT)
public record EventJson(
        long sequence,
        Instant at,
        String type,
        Optional<String> role,
        Optional<String> remote,
        Optional<String> address,
        Optional<String> port,
        Optional<String> identity,
        Optional<String> user,
        Optional<String> target,
        Optional<String> reason,
        Optional<Long> bytesIn,
        Optional<Long> bytesOut,
        Optional<Long> lastedMillis,
        Optional<String> message,
        Optional<Long> count) {
    /** The type of the event that stands for dropped events. */
    public static final String DROPPED = "dropped";

    static EventJson of(long sequence, Event event) {
        return new EventJson(
                sequence,
                Instant.ofEpochMilli(event.atMillis()),
                event.type().key(),
                Optional.of((event.whose().server() ? Role.SERVER : Role.CLIENT).key()),
                text(event.whose().remote()),
                text(event.subject().address()),
                text(event.subject().port()),
                text(event.subject().identityText()),
                text(event.subject().user()),
                text(event.subject().target()),
                text(event.why().reason()),
                number(event.amounts().bytesIn()),
                number(event.amounts().bytesOut()),
                number(event.amounts().lastedNanos()).map(TimeUnit.NANOSECONDS::toMillis),
                text(event.why().message()),
                Optional.empty());
    }

    /** @param sequence the number of the last event that was dropped */
    static EventJson dropped(long sequence, long count, Instant at) {
        return new EventJson(
                sequence,
                at,
                DROPPED,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.of(count));
    }

    private static Optional<String> text(String text) {
        return text.isEmpty() ? Optional.empty() : Optional.of(text);
    }

    private static Optional<Long> number(long number) {
        return number < 0 ? Optional.empty() : Optional.of(number);
    }
}
