package io.portproxy.mux;

import io.portproxy.protocol.Reason;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * A socket of a classic stream. It takes as many bytes as the test allows and queues the rest. It reports to its session as a real socket
 * does.
 */
final class FakeEndpoint implements Endpoint {
    private final Session session;
    private final List<String> ends = new ArrayList<>();
    private Stream stream;
    private long takes;
    private long taken;
    private long queued;
    private boolean finishing;
    private boolean breaks;

    FakeEndpoint(Session session) {
        this.session = session;
    }

    FakeEndpoint of(Stream opened) {
        stream = opened;
        return this;
    }

    Stream stream() {
        return stream;
    }

    /** Makes room for that many more bytes: the socket takes the queued ones first, then those that come. */
    void take(long bytes) {
        takes += bytes;
        long now = Math.min(takes, queued);
        if (now > 0) {
            takes -= now;
            taken += now;
            queued -= now;
            session.waiting(stream, queued);
            session.delivered(stream, now);
        }
        endIfDone();
    }

    /** Breaks the socket. The session notices when it delivers the next bytes. */
    void breakNext() {
        breaks = true;
    }

    @Override
    public void deliver(ByteBuffer data) {
        if (breaks) {
            session.end(stream, Reason.TARGET_RESET);
            return;
        }
        long now = queued > 0 ? 0 : Math.min(takes, data.remaining());
        takes -= now;
        taken += now;
        if (now < data.remaining()) {
            queued += data.remaining() - now;
            session.waiting(stream, queued);
        }
        if (now > 0) {
            session.delivered(stream, now);
        }
        data.position(data.limit());
    }

    @Override
    public void finishAndClose() {
        if (finishing) {
            throw new AssertionError("finished twice");
        }
        finishing = true;
        endIfDone();
    }

    private void endIfDone() {
        if (finishing && queued == 0 && ends.isEmpty()) {
            ends.add("clean");
            session.outputEnded(stream);
        }
    }

    @Override
    public void finish() {
        throw new AssertionError("the classic dialect has no half-close");
    }

    @Override
    public void release() {
        throw new AssertionError("the classic dialect has no half-close");
    }

    @Override
    public void sendRoomGrew() {
        throw new AssertionError("the classic dialect has no windows");
    }

    @Override
    public void reset(Reason reason) {
        queued = 0;
        ends.add("reset: " + reason.text());
    }

    /** Returns how the connection ended. More than one end is a mistake. */
    List<String> ends() {
        return ends;
    }

    boolean hasEnded() {
        return !ends.isEmpty();
    }

    boolean isFinishing() {
        return finishing && ends.isEmpty();
    }

    /** Returns the number of bytes that the socket has taken. */
    long taken() {
        return taken;
    }

    /** Returns the number of bytes that wait for the socket. */
    long queued() {
        return queued;
    }
}
