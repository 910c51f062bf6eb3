package io.portproxy.mux;

import io.portproxy.protocol.Reason;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * A socket of an extended session that takes as many bytes as the test lets it, keeps the rest and tells its session, in
 * the order in which a real one does.
 */
class ExtendedSocket implements Endpoint {
    private final Session session;
    private final List<String> events = new ArrayList<>();
    private Stream stream;
    private long room;
    private long taken;
    private long queued;
    private boolean finishing;
    private boolean closing;
    private boolean finished;
    private boolean over;
    private boolean breaks;

    ExtendedSocket(Session session) {
        this.session = session;
    }

    final void belongsTo(Stream added) {
        stream = added;
    }

    final Stream stream() {
        return stream;
    }

    /** The socket has room for so many bytes more: takes what waits, then what comes. */
    final void take(long bytes) {
        room += Math.min(bytes, Long.MAX_VALUE - room);
        long now = Math.min(room, queued);
        if (now > 0) {
            queued -= now;
            took(now);
            session.waiting(stream, queued);
            session.delivered(stream, now);
        }
        finishIfWritten();
    }

    /** The next bytes find the socket broken. */
    final void breakNext() {
        breaks = true;
    }

    @Override
    public void deliver(ByteBuffer data) {
        if (over || finishing) {
            throw new AssertionError("data for a socket that has ended");
        }
        if (breaks) {
            session.end(stream, Reason.TARGET_RESET);
            return;
        }
        long now = queued > 0 ? 0 : Math.min(room, data.remaining());
        took(now);
        if (now < data.remaining()) {
            queued += data.remaining() - now;
            session.waiting(stream, queued);
        }
        data.position(data.limit());
        if (now > 0) {
            session.delivered(stream, now);
        }
    }

    private void took(long bytes) {
        room -= bytes;
        taken += bytes;
    }

    @Override
    public void sendRoomGrew() {
        events.add("room");
    }

    @Override
    public void finish() {
        if (finishing || over) {
            throw new AssertionError("finished in a wrong state");
        }
        finishing = true;
        finishIfWritten();
    }

    @Override
    public void finishAndClose() {
        if (over) {
            throw new AssertionError("refused when it was over");
        }
        finishing = true;
        closing = true;
        finished = false;
        finishIfWritten();
    }

    private void finishIfWritten() {
        if (finishing && !finished && !over && queued == 0) {
            finished = true;
            events.add("FIN");
            session.outputEnded(stream);
        }
    }

    @Override
    public void release() {
        end(closing ? "closed" : "released");
    }

    @Override
    public void reset(Reason reason) {
        queued = 0;
        end("reset: " + reason.text());
    }

    private void end(String how) {
        if (over) {
            throw new AssertionError(how + " although it was over: " + events);
        }
        over = true;
        events.add(how);
    }

    /** What was done to it, in order. */
    final List<String> events() {
        return List.copyOf(events);
    }

    /** Whether the connection is over, however it ended. */
    final boolean isOver() {
        return over;
    }

    /** Whether its output has ended with a FIN. */
    final boolean isFinished() {
        return finished;
    }

    /** Bytes that it has taken. */
    final long taken() {
        return taken;
    }

    /** Bytes that wait for it. */
    final long queued() {
        return queued;
    }
}
