package io.portproxy.tunnel;

import io.portproxy.mux.Stream;
import io.portproxy.net.LogFields;
import io.portproxy.protocol.Dialect;
import io.portproxy.protocol.Identity;
import io.portproxy.protocol.Printable;
import io.portproxy.protocol.Reason;
import io.portproxy.tunnel.StreamView.Side;
import java.io.IOException;
import java.util.Comparator;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/** What others get to know of one stream: log lines, events and views. On the tunnel's loop. */
final class StreamReport {
    private static final Logger log = LoggerFactory.getLogger(StreamSocket.class);

    private final Tunnel tunnel;
    private final StreamTotals totals;
    private final StreamTimes times;
    private final Optional<String> user;
    private final String target;
    private @Nullable Stream stream;
    private String failure = ""; // what was wrong with its socket, in words

    StreamReport(Tunnel tunnel, StreamTotals totals, StreamTimes times, Optional<String> user, String target) {
        this.tunnel = tunnel;
        this.totals = totals;
        this.times = times;
        this.user = user;
        this.target = target;
    }

    void opened(Stream newStream) {
        stream = newStream;
        tunnel.owner().events().streamOpened(totals.port(), newStream.identity(), user, target);
        if (log.isDebugEnabled()) {
            String what = totals.usersSide() ? "is to reach " + target : "is dialled";
            logFields().log(() -> log.debug("stream {}: {} {}", stream, description(), what));
        }
    }

    /** What came from the socket is not acceptable. */
    void refused(String why) {
        failure = Printable.of(why); // it may quote the user

        if (log.isDebugEnabled()) {
            String line = "stream {}: {} refused: {}";
            logFields().andReason(Reason.DENIED.key()).log(() -> log.debug(line, stream, description(), failure));
        }
    }

    /** The socket is broken. */
    void failed(Reason reason, IOException cause) {
        failure = String.valueOf(cause.getMessage());
        if (log.isDebugEnabled()) {
            String line = "stream {}: {}: {}";
            logFields().andReason(reason.key()).log(() -> log.debug(line, stream, description(), reason.text(), cause));
        }
    }

    /** The socket could not be connected. */
    void dialFailed(Reason reason, IOException cause) {
        failure = String.valueOf(cause.getMessage());
        String line = "stream {}: {}: {}: {}";
        logFields()
                .andReason(reason.key())
                .log(() -> tunnel.streams()
                        .failures()
                        .log(log, Level.INFO, line, stream, description(), reason.text(), failure));
    }

    /**
     * The stream is over.
     *
     * @param read bytes that came from the socket
     * @param received bytes that came for it
     */
    void closed(Reason reason, long read, long received) {
        boolean users = totals.usersSide();
        tunnel.owner()
                .events()
                .streamClosed(
                        totals.port(),
                        stream().identity(),
                        user,
                        target,
                        reason,
                        users ? read : received,
                        users ? received : read,
                        tunnel.loop().nanoTime() - times.begunAt(),
                        failure);
        if (reason == Reason.STALLED) {
            String line = "stream {}: {} dropped because its reader stalled";
            logFields()
                    .andReason(reason.key())
                    .log(() -> tunnel.streams().failures().log(log, Level.WARN, line, stream, description()));
        }
        if (log.isDebugEnabled()) {
            String line = "stream {}: {} closed: {}; {} bytes read, {} received for it";
            logFields()
                    .andReason(reason.key())
                    .log(() -> log.debug(line, stream, description(), reason.text(), read, received));
        }
    }

    /** For a line that is logged. */
    private LogFields logFields() {
        return tunnel.owner()
                .events()
                .logFields()
                .andPort(totals.port())
                .andIdentity(Identity.format(stream().identity()));
    }

    private String description() {
        String remote = " of remote " + tunnel.owner().events().remote();
        return totals.usersSide()
                ? "user " + user.orElse("that is gone") + " at " + totals.port() + remote
                : "target " + target + remote
                        + user.map(address -> " for " + address).orElse("");
    }

    private Stream stream() {
        return Objects.requireNonNull(stream);
    }

    /** What the stream is like now. */
    StreamView view(boolean connecting, StreamReader reader, StreamWriter writer) {
        Stream current = stream();
        boolean users = totals.usersSide();
        boolean extended = tunnel.dialect() == Dialect.EXTENDED;
        long now = tunnel.loop().nanoTime();
        return new StreamView(
                current.identity(),
                users ? Optional.of(totals.port()) : Optional.empty(),
                user,
                target,
                connecting ? StreamView.State.CONNECTING : state(current.localEnded(), current.peerEnded()),
                tunnel.loop().instantOf(times.begunAt()),
                Math.max(0, now - times.activeAt()),
                users ? reader.bytes() : writer.bytes(),
                users ? writer.bytes() : reader.bytes(),
                extended ? Optional.of(current.sendWindow()) : Optional.empty(),
                extended ? Optional.of(current.receiveWindow()) : Optional.empty(),
                writer.queued(),
                stall(current, reader, writer, now));
    }

    private StreamView.State state(boolean ours, boolean theirs) {
        if (ours && theirs) {
            return StreamView.State.FINISHING;
        } else if (ours || theirs) {
            return ours == totals.usersSide() ? StreamView.State.USER_ENDED : StreamView.State.TARGET_ENDED;
        }
        return StreamView.State.OPEN;
    }

    /** The longest, if there are several: the directions do not wait for each other. */
    private Optional<StreamView.Stall> stall(Stream current, StreamReader reader, StreamWriter writer, long now) {
        Side here = totals.usersSide() ? Side.USER : Side.TARGET;
        Side there = totals.usersSide() ? Side.TARGET : Side.USER;
        return java.util.stream.Stream.of(
                        stall(writer.queued() > 0, here, now - current.progressAt()),
                        stall(reader.waitsForWindow(), there, now - times.windowFullAt()),
                        stall(reader.waitsForTurn(), Side.TUNNEL, now - times.waitsAt()))
                .flatMap(Optional::stream)
                .max(Comparator.comparingLong(StreamView.Stall::nanos));
    }

    private static Optional<StreamView.Stall> stall(boolean isOne, Side side, long nanos) {
        return isOne && nanos >= StreamView.Stall.SHORTEST_NANOS
                ? Optional.of(new StreamView.Stall(side, nanos))
                : Optional.empty();
    }

    @Override
    public String toString() {
        return "stream " + stream + " of " + description();
    }
}
