package io.portproxy.mux;

import io.portproxy.protocol.Reason;
import java.util.function.LongSupplier;

/**
 * The classic dialect (protocol.md, section 1): the end of one direction ends the stream, and there is no flow control.
 * When more bytes than a limit wait for one socket, the tunnel is not read until half of them have gone. A stream that
 * keeps the tunnel from being read for longer than the stall timeout is dropped, so that the others can go on.
 */
public final class ClassicSession extends Session {

    /**
     * @param limits its limits
     * @param output the tunnel
     * @param memory the memory limit of the whole process
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
                stream.endpoint.finishAndClose(); // all bytes have come, even if something fails here
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
     * Resets this side's socket. Its own direction came to a clean end, but the direction towards it is cut off, and
     * only a reset shows that.
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

    /** Does nothing. There is no flow control: bytes that wait for a stream keep the tunnel from being read. */
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
        boolean open = stream.state == StreamState.OPEN; // only an open stream gets more data
        return open && stream.waiting > (resume ? limits.streamBuffer() / 2 : limits.streamBuffer());
    }
}
