package io.portproxy.mux;

import io.portproxy.protocol.Reason;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * A socket of an extended session. It takes as many bytes as the test allows and queues the rest. It reports to its session in the same
 * order as a real socket.
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

    /** Makes room for that many more bytes: the socket takes the queued ones first, then those that come. */
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

    /** Breaks the socket. The session notices when it delivers the next bytes. */
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

    /** Returns what was done to the socket, in order. */
    final List<String> events() {
        return List.copyOf(events);
    }

    /** Returns whether the connection is over, however it ended. */
    final boolean isOver() {
        return over;
    }

    /** Returns whether the output has ended with a FIN. */
    final boolean isFinished() {
        return finished;
    }

    /** Returns the number of bytes that the socket has taken. */
    final long taken() {
        return taken;
    }

    /** Returns the number of bytes that wait for the socket. */
    final long queued() {
        return queued;
    }
}
