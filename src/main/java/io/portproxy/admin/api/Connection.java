package io.portproxy.admin.api;

import io.portproxy.admin.events.Role;
import io.portproxy.tunnel.TunnelHandle;
import io.portproxy.tunnel.telemetry.Event;
import io.portproxy.tunnel.telemetry.StreamView;
import io.portproxy.tunnel.telemetry.StreamView.State;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * One user's connection, seen at one of its ends.
 *
 * @param role which end: the proxy server's, or the remote's
 * @param remote the remote's name
 * @param tunnel the tunnel that carries it
 * @param stream its state and its counts
 */
record Connection(Role role, String remote, TunnelHandle tunnel, StreamView stream) {
    static final String ENDED = "ended";

    /**
     * A user's connection, at one of its ends.
     *
     * @param identity the connection's name: 12 hexadecimal digits, the same at both ends and in logs
     * @param role which end this is: {@code server} or {@code client}
     * @param remote the remote's name
     * @param port the address that the user connected to; null at the remote's end
     * @param user the user's address; null where it is not known (classic dialect, at the remote's end)
     * @param target the target's address as the remote sees it
     * @param state {@code connecting}, {@code open}, {@code user_ended}, {@code target_ended} or {@code finishing};
     *     {@code ended} after its end, which never appears in a list
     * @param since when the connection was opened
     * @param ended when the connection ended; null before its end
     * @param reason why the connection ended, such as {@code user_reset}; null before its end
     * @param message more about its end, for people; null if there is no more to say
     * @param idleMillis milliseconds since bytes last moved; null after its end
     * @param bytesIn bytes from the user
     * @param bytesOut bytes for the user
     * @param sendWindowBytes bytes that this end may still send; null in the classic dialect
     * @param receiveWindowBytes bytes that the other end may have in flight; null in the classic dialect
     * @param queuedBytes bytes that wait for the user (at the server), or for the target (at the client)
     * @param stalledMillis milliseconds for which bytes have been waiting, in the direction that has waited longer; 0
     *     if none wait
     * @param stalledOn what the bytes wait for: {@code user} or {@code target} does not read (perhaps at the other end,
     *     where the window is full), or the {@code tunnel} takes no more; null if none wait
     */
    @Schema(name = "Connection")
    record Json(
            String identity,
            String role,
            String remote,
            Optional<String> port,
            Optional<String> user,
            String target,
            String state,
            Instant since,
            Optional<Instant> ended,
            Optional<String> reason,
            Optional<String> message,
            Optional<Long> idleMillis,
            long bytesIn,
            long bytesOut,
            Optional<Long> sendWindowBytes,
            Optional<Long> receiveWindowBytes,
            long queuedBytes,
            long stalledMillis,
            Optional<String> stalledOn) {

        /** Returns a connection that has ended, from the event of its end. */
        static Json ended(Event event) {
            Instant at = Instant.ofEpochMilli(event.atMillis());
            return new Json(
                    event.subject().identityText(),
                    (event.whose().server() ? Role.SERVER : Role.CLIENT).key(),
                    event.whose().remote(),
                    text(event.subject().port()),
                    text(event.subject().user()),
                    event.subject().target(),
                    ENDED,
                    at.minusNanos(Math.max(0, event.amounts().lastedNanos())),
                    Optional.of(at),
                    Optional.of(event.why().reason()),
                    text(event.why().message()),
                    Optional.empty(),
                    Math.max(0, event.amounts().bytesIn()),
                    Math.max(0, event.amounts().bytesOut()),
                    Optional.empty(),
                    Optional.empty(),
                    0,
                    0,
                    Optional.empty());
        }

        private static Optional<String> text(String text) {
            return text.isEmpty() ? Optional.empty() : Optional.of(text);
        }
    }

    Json json() {
        StreamView.Flow flow = stream.flow();
        return new Json(
                stream.name(),
                role.key(),
                remote,
                stream.ends().port(),
                stream.ends().user(),
                stream.ends().target(),
                key(stream.state()),
                stream.since(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.of(TimeUnit.NANOSECONDS.toMillis(stream.idleNanos())),
                flow.bytesIn(),
                flow.bytesOut(),
                flow.windows().map(StreamView.Windows::send),
                flow.windows().map(StreamView.Windows::receive),
                flow.queued(),
                flow.stall()
                        .map(stall -> TimeUnit.NANOSECONDS.toMillis(stall.nanos()))
                        .orElse(0L),
                flow.stall().map(stall -> stall.side().name().toLowerCase(Locale.ROOT)));
    }

    static String key(State state) {
        return state.name().toLowerCase(Locale.ROOT);
    }
}
