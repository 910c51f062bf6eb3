package io.portproxy.mux;

import io.portproxy.protocol.ProtocolException;
import io.portproxy.protocol.Reason;
import java.nio.ByteBuffer;
import java.time.Duration;

/**
 * Two sessions of the extended dialect that pass instructions directly to each other, and sockets that accept all bytes. They show the cost
 * of a data chunk without I/O. The identities of the streams start at 0.
 */
public final class SessionPair {
    private static final Duration STALL_TIMEOUT = Duration.ofSeconds(10);
    private static final long MEMORY = 1L << 30;
    private static final int TUNNEL_BUFFER = 16 << 20;
    private static final int STREAM_BUFFER = 1 << 20;
    private static final int INITIAL_WINDOW = 256 * 1024;
    private static final int MAX_WINDOW = 16 << 20;

    private final ExtendedSession sender;
    private final ExtendedSession receiver;
    private final Stream[] sending;

    /**
     * Adds streams to both sessions.
     *
     * @param streams 1 to 65536
     */
    public SessionPair(int streams) throws ProtocolException {
        SessionLimits limits =
                new SessionLimits(STREAM_BUFFER, TUNNEL_BUFFER, STALL_TIMEOUT, streams, INITIAL_WINDOW, MAX_WINDOW);
        MemoryCeiling memory = new MemoryCeiling(MEMORY);
        sender = new ExtendedSession(limits, INITIAL_WINDOW, new NoPeer(), memory, System::nanoTime);
        receiver = new ExtendedSession(limits, INITIAL_WINDOW, new WindowsToSender(), memory, System::nanoTime);
        sending = new Stream[streams];
        for (int i = 0; i < streams; i++) {
            sending[i] = sender.add(i, new OpenSocket());
            OpenSocket socket = new OpenSocket();
            socket.stream = receiver.add(i, socket);
            socket.session = receiver;
        }
    }

    /** Returns how many bytes may be sent on a stream now. */
    public long sendRoom(int stream) {
        return sender.sendRoom(sending[stream]);
    }

    /** Records that a number of bytes leave the sender's socket for the tunnel. */
    public void send(int stream, int length) {
        sender.sent(sending[stream], length);
    }

    /** Receives those bytes from the tunnel and passes them to the socket. Sends a Window back when one is due. */
    public void receive(long identity, ByteBuffer data) throws ProtocolException {
        receiver.data(identity, data);
    }

    private final class WindowsToSender extends NoPeer {
        @Override
        public void sendWindow(long identity, long delivered, long window) {
            try {
                sender.peerWindow(identity, delivered, window);
            } catch (ProtocolException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    /** A socket that accepts all bytes. */
    private static final class OpenSocket implements Endpoint {
        private ExtendedSession session;
        private Stream stream;

        @Override
        public void deliver(ByteBuffer data) {
            int length = data.remaining();
            data.position(data.limit());
            session.delivered(stream, length);
        }

        @Override
        public void sendRoomGrew() {}

        @Override
        public void finish() {}

        @Override
        public void finishAndClose() {}

        @Override
        public void release() {}

        @Override
        public void reset(Reason reason) {}
    }

    private static class NoPeer implements SessionOutput {
        @Override
        public long roundTripNanos() {
            return -1;
        }

        @Override
        public void sendCloseConnection(long identity) {}

        @Override
        public void sendOpened(long identity) {}

        @Override
        public void sendEnd(long identity) {}

        @Override
        public void sendReset(long identity, Reason reason) {}

        @Override
        public void sendWindow(long identity, long delivered, long window) {}

        @Override
        public void reading(boolean allowed) {}
    }
}
