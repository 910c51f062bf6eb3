package io.portproxy.mux;

import io.portproxy.protocol.Reason;
import java.util.function.LongSupplier;

/**
 * The classic dialect (protocol.md, section 1): the end of one direction ends the stream, and there is no flow control.
 * When more than a bound waits for one socket, the tunnel is not read until half of that is gone; a stream that keeps the
 * tunnel from being read for longer than the stall timeout is dropped, so that the others go on.
 */
public final class ClassicSession extends Session {

    /**
     * @param limits its limits
     * @param output the tunnel
     * @param memory what the whole process shares
     * @param nanoTime a clock in nanoseconds that only goes forward
     */
    public ClassicSession(SessionLimits limits, SessionOutput output, MemoryCeiling memory, LongSupplier nanoTime) {
        super(limits, output, memory, nanoTime);
    }

    @Override
    void begin(Stream stream) {}

    @Override
    void ended(Stream stream) {}

    @Override
    void receive(Stream stream, int length) {}

    @Override
    public void closeConnection(long identity) {
        Stream stream = find(identity);
        if (stream != null) {
            try {
                forget(stream);
            } finally {
                stream.endpoint.finishAndClose(); // all has come, whatever fails here
            }
        }
    }

    @Override
    public long sendRoom(Stream stream) {
        return Long.MAX_VALUE;
    }

    @Override
    public void sent(Stream stream, int length) {}

    @Override
    public void connected(Stream stream) {}

    /**
     * The direction towards our socket is cut, so a reset is the honest end of it even though its own direction came to
     * a clean one.
     */
    @Override
    public void inputEnded(Stream stream) {
        end(stream, Reason.ENDED);
    }

    @Override
    public void outputEnded(Stream stream) {
        if (stream.state != StreamState.CLOSED) {
            close(stream);
        }
    }

    @Override
    void count(Stream stream, long length) {}

    /** There is no flow control: what waits for a stream keeps the tunnel from being read. */
    @Override
    public void narrow(Stream stream, long bytes) {}

    @Override
    public void widen(Stream stream) {}

    @Override
    void tellReset(Stream stream, Reason reason) {
        output.sendCloseConnection(stream.identity());
    }

    @Override
    public long mostUnconnected() {
        return limits.streamBuffer();
    }

    @Override
    boolean holdsUp(Stream stream, boolean resume) {
        boolean open = stream.state == StreamState.OPEN; // it gets no more data otherwise
        return open && stream.waiting > (resume ? limits.streamBuffer() / 2 : limits.streamBuffer());
    }
}
