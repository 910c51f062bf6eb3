package io.portproxy.server;

import io.portproxy.net.EventLoop;
import io.portproxy.net.ReadyHandler;
import io.portproxy.net.Sockets;
import io.portproxy.net.Timers;
import io.portproxy.protocol.Identity;
import io.portproxy.protocol.InstructionDecoder;
import io.portproxy.protocol.InstructionHandler;
import io.portproxy.protocol.ProtocolException;
import io.portproxy.protocol.Wire;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A connection to the tunnel port that has not said its name: it may send a greeting, heartbeats before it, and nothing
 * else; it has a deadline and costs a few hundred bytes. On the loop that accepted it.
 */
final class Greeting implements ReadyHandler {
    private static final Logger log = LoggerFactory.getLogger(Greeting.class);

    private static final int MAX_HEX_LOGGED = 16;

    /** What becomes of a greeting; told once. */
    interface Outcome {
        /**
         * The name was said.
         *
         * @param key the channel's key with this loop
         * @param rest bytes that came behind the greeting
         */
        void greeted(Greeting greeting, String name, SelectionKey key, ByteBuffer rest);

        /** The connection has been closed instead. */
        void failed(Greeting greeting);
    }

    private final EventLoop loop;
    private final SocketChannel channel;
    private final String peerAddress;
    private final Outcome outcome;
    private final ByteBuffer buffer = ByteBuffer.allocate(Wire.MAX_UNDECODED);
    private final InstructionDecoder decoder = new InstructionDecoder();
    private final Incoming incoming = new Incoming();
    private Timers.@Nullable Timer deadline;
    private @Nullable SelectionKey key;
    private @Nullable String name;
    private boolean done;

    Greeting(EventLoop loop, SocketChannel channel, Outcome outcome) {
        this.loop = loop;
        this.channel = channel;
        this.peerAddress = Sockets.remote(channel);
        this.outcome = outcome;
    }

    SocketChannel channel() {
        return channel;
    }

    String peerAddress() {
        return peerAddress;
    }

    void start(Duration timeout) {
        try {
            key = loop.register(channel, SelectionKey.OP_READ, this);
        } catch (IOException e) {
            fail("it was gone at once: " + e.getMessage());
            return;
        }
        deadline = loop.timers().after(timeout.toNanos(), () -> fail("no greeting within " + timeout));
    }

    @Override
    public void ready(int readyOps) {
        if (done) {
            return;
        }
        int start = 0;
        try {
            if (channel.read(buffer) < 0) {
                fail("it closed the connection before its greeting was complete");
                return;
            }
            buffer.flip();
            do {
                start = buffer.position();
            } while (name == null && decoder.decode(buffer, incoming));
        } catch (IOException e) {
            fail(String.valueOf(e.getMessage()));
            return;
        } catch (ProtocolException e) {
            byte[] first = new byte[Math.min(MAX_HEX_LOGGED, buffer.limit() - start)];
            buffer.get(start, first);
            fail(e.getMessage() + "; its bytes: " + HexFormat.ofDelimiter(" ").formatHex(first));
            return;
        }
        if (name == null) {
            buffer.compact();
        } else if (key != null) {
            finish();
            outcome.greeted(this, name, key, buffer);
        }
    }

    /** Closes the connection because of what its log line will say. */
    void fail(String why) {
        if (!done) {
            log.info("tunnel from {} refused: {}", peerAddress, why);
            abort();
        }
    }

    @Override
    public void abort() {
        if (!done) {
            finish();
            Sockets.close(channel);
            outcome.failed(this);
        }
    }

    private void finish() {
        done = true;
        if (deadline != null) {
            deadline.cancel();
        }
    }

    @Override
    public String toString() {
        return "greeting of " + peerAddress;
    }

    private final class Incoming implements InstructionHandler {
        @Override
        public void initialRemoteServer(String said) {
            name = said;
        }

        @Override
        public void heartbeat() {
            // Existing remotes start theirs before the greeting (protocol.md, section 1).
        }

        @Override
        public void initialConnection(long identity, int targetPort) throws ProtocolException {
            throw new ProtocolException("InsInitialConnection before a greeting");
        }

        @Override
        public void dataHead(long identity, long length) throws ProtocolException {
            throw new ProtocolException("InsData for " + Identity.format(identity) + " before a greeting");
        }

        @Override
        public void data(long identity, ByteBuffer data) {
            throw new IllegalStateException("data without its head");
        }

        @Override
        public void closeConnection(long identity) throws ProtocolException {
            throw new ProtocolException("InsCloseConnection for " + Identity.format(identity) + " before a greeting");
        }
    }
}
