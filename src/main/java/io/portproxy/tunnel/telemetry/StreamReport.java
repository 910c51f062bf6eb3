package io.portproxy.tunnel.telemetry;

import io.portproxy.mux.Stream;
import io.portproxy.net.EventLoop;
import io.portproxy.net.LogFields;
import io.portproxy.net.LogLimit;
import io.portproxy.protocol.Identity;
import io.portproxy.protocol.Printable;
import io.portproxy.protocol.Reason;
import io.portproxy.tunnel.stream.DatagramDrop;
import io.portproxy.tunnel.stream.StreamObserver;
import io.portproxy.tunnel.stream.StreamStatus;
import io.portproxy.tunnel.telemetry.StreamView.Side;
import java.io.IOException;
import java.util.Comparator;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/** Reports on one stream: counts, log lines, events and views. On the tunnel's loop. */
public final class StreamReport implements StreamObserver {
    private static final Logger log = LoggerFactory.getLogger(StreamReport.class);

    private static final long NONE = -1;

    private final EventLoop loop;
    private final RemoteEvents events;
    private final LogLimit failures;
    private final StreamTotals totals;
    private final StreamTimes times;
    private final Optional<String> user;
    private final String target;
    private long identity = NONE;
    private @Nullable DatagramTotals datagrams; // only of a stream that carries datagrams
    private String failure = ""; // the error of its socket, in words

    /**
     * @param events receives the events of the stream's remote
     * @param failures limits the log lines about streams that failed to open
     * @param totals the counters of the stream, on that loop
     * @param user the user's address, if it is known
     * @param target the target's host and port
     * @param begunAt when the user connected, or when the peer asked for the stream, on the loop's clock
     */
    public StreamReport(
            EventLoop loop,
            RemoteEvents events,
            LogLimit failures,
            StreamTotals totals,
            Optional<String> user,
            String target,
            long begunAt) {
        this.loop = loop;
        this.events = events;
        this.failures = failures;
        this.totals = totals;
        this.times = new StreamTimes(loop, totals.delayTotals(), begunAt);
        this.user = user;
        this.target = target;
    }

    /** Makes the report count datagrams as well, for a stream that carries them. */
    public StreamReport counting(DatagramTotals where) {
        datagrams = where;
        return this;
    }

    /** Returns the user's address, if it is known. */
    public Optional<String> user() {
        return user;
    }

    /** Returns the counters of the stream. */
    public StreamTotals totals() {
        return totals;
    }

    @Override
    public void opened(long newIdentity) {
        identity = newIdentity;
        totals.addOpened();
        events.streamOpened(carried());
        if (log.isDebugEnabled()) {
            String what = totals.usersSide() ? "goes to " + target : "is being connected";
            logFields().log(() -> log.debug("stream {}: {} {}", name(), description(), what));
        }
    }

    @Override
    public void connected() {
        times.opened();
        totals.denial().opened();
    }

    @Override
    public void read(int bytes) {
        totals.addRead(bytes);
        if (datagrams != null) {
            datagrams.addRead(totals.usersSide());
        }
        times.active();
        if (!totals.usersSide()) {
            times.answered();
        }
    }

    @Override
    public void received(int bytes) {
        totals.addWritten(bytes);
        if (datagrams != null) {
            datagrams.addRead(!totals.usersSide());
        }
        times.active();
        if (totals.usersSide() && bytes > 0) {
            times.answered();
        }
    }

    @Override
    public void dropped(DatagramDrop why) {
        if (datagrams != null) {
            datagrams.addDropped(why);
        }
    }

    @Override
    public void windowFull() {
        times.windowFull();
    }

    @Override
    public void windowOpen() {
        times.windowOpen();
    }

    @Override
    public void waitsForTurn() {
        times.waits();
    }

    @Override
    public void refused(String why) {
        totals.delayTotals().requestRefused();
        failure = Printable.of(why); // it may quote the user

        if (log.isDebugEnabled()) {
            String line = "stream {}: {} refused: {}";
            logFields().andReason(Reason.DENIED.key()).log(() -> log.debug(line, name(), description(), failure));
        }
    }

    @Override
    public void failed(Reason reason, IOException cause) {
        failure = String.valueOf(cause.getMessage());
        if (log.isDebugEnabled()) {
            String line = "stream {}: {}: {}";
            logFields().andReason(reason.key()).log(() -> log.debug(line, name(), description(), reason.text(), cause));
        }
    }

    @Override
    public void connectFailed(Reason reason, IOException cause) {
        failure = String.valueOf(cause.getMessage());
        String line = "stream {}: {}: {}: {}";
        logFields()
                .andReason(reason.key())
                .log(() -> failures.log(log, Level.INFO, line, name(), description(), reason.text(), failure));
    }

    @Override
    public void closed(Reason reason, long read, long received) {
        totals.addClosed(reason);
        if (reason == Reason.DENIED && failure.isEmpty() && !times.hasOpened()) {
            totals.denial().denied(); // the peer has denied it: if this side refuses a stream, "failure" is not empty
        }
        times.ended(reason);
        boolean users = totals.usersSide();
        events.streamClosed(
                carried(),
                new Event.Why(reason.key(), failure),
                new Event.Amounts(users ? read : received, users ? received : read, loop.nanoTime() - times.begunAt()));
        if (reason == Reason.STALLED) {
            String line = "stream {}: {} dropped because its reader stalled";
            logFields().andReason(reason.key()).log(() -> failures.log(log, Level.WARN, line, name(), description()));
        }
        if (log.isDebugEnabled()) {
            String line = "stream {}: {} closed: {}; {} bytes read, {} received for it";
            logFields()
                    .andReason(reason.key())
                    .log(() -> log.debug(line, name(), description(), reason.text(), read, received));
        }
    }

    private Event.Carried carried() {
        return new Event.Carried(totals.port(), identity, user.orElse(""), target);
    }

    /** Returns the fields of a log line. */
    private LogFields logFields() {
        return events.logFields().andPort(totals.port()).andIdentity(name());
    }

    private String description() {
        String remote = " of remote " + events.remote();
        return totals.usersSide()
                ? "user " + user.orElse("that is gone") + " at " + totals.port() + remote
                : "target " + target + remote
                        + user.map(address -> " for " + address).orElse("");
    }

    private String name() {
        return identity == NONE ? "" : Identity.format(identity);
    }

    /**
     * Returns the current state of the stream.
     *
     * @param stream the stream as the session sees it
     * @param windows whether the stream's windows have a meaning
     * @param status the state of its socket
     */
    public StreamView view(Stream stream, boolean windows, StreamStatus status) {
        boolean users = totals.usersSide();
        long now = loop.nanoTime();
        return new StreamView(
                stream.identity(),
                new StreamView.Ends(users ? Optional.of(totals.port()) : Optional.empty(), user, target),
                status.connecting() ? StreamView.State.CONNECTING : state(stream.localEnded(), stream.peerEnded()),
                loop.instantOf(times.begunAt()),
                Math.max(0, now - times.activeAt()),
                new StreamView.Flow(
                        users ? status.read() : status.received(),
                        users ? status.received() : status.read(),
                        status.queued(),
                        windows ? Optional.of(windows(stream)) : Optional.empty(),
                        stall(stream, status, now)));
    }

    private static StreamView.Windows windows(Stream stream) {
        return new StreamView.Windows(stream.sendWindow(), stream.receiveWindow());
    }

    private StreamView.State state(boolean ours, boolean theirs) {
        if (ours && theirs) {
            return StreamView.State.FINISHING;
        } else if (ours || theirs) {
            return ours == totals.usersSide() ? StreamView.State.USER_ENDED : StreamView.State.TARGET_ENDED;
        }
        return StreamView.State.OPEN;
    }

    /** Returns the longest stall, if there are several. The directions do not wait for each other. */
    private Optional<StreamView.Stall> stall(Stream stream, StreamStatus status, long now) {
        Side here = totals.usersSide() ? Side.USER : Side.TARGET;
        Side there = totals.usersSide() ? Side.TARGET : Side.USER;
        return java.util.stream.Stream.of(
                        stall(status.queued() > 0, here, now - stream.progressAt()),
                        stall(status.waitsForWindow(), there, now - times.windowFullAt()),
                        stall(status.waitsForTurn(), Side.TUNNEL, now - times.waitsAt()))
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
        return "stream " + name() + " of " + description();
    }
}
