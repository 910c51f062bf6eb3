package io.portproxy.server;

import io.portproxy.net.CleanClose;
import io.portproxy.net.Durations;
import io.portproxy.net.EventLoop;
import io.portproxy.net.ReadyHandler;
import io.portproxy.net.Sockets;
import io.portproxy.net.Timers;
import io.portproxy.net.Transport;
import io.portproxy.net.tls.TlsRecords;
import io.portproxy.protocol.GreetingDecoder;
import io.portproxy.protocol.Identity;
import io.portproxy.protocol.InstructionDecoder;
import io.portproxy.protocol.InstructionHandler;
import io.portproxy.protocol.OtherVersionException;
import io.portproxy.protocol.ProtocolException;
import io.portproxy.protocol.Reject;
import io.portproxy.protocol.Wire;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Optional;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A connection to the tunnel port, until it is known which remote it belongs to. It may send its greeting and nothing
 * else, has a deadline, and costs a few hundred bytes. On the loop that accepted it.
 *
 * <pre>
 *   READING --its greeting is complete--> DECIDING --admitted--> DONE, and handed over to its tunnel
 *      |                                     |
 *      +------------refused------------------+--> REFUSED --its answer is sent--> DONE, and closed
 *
 *   READING, DECIDING, REFUSED --it broke, or was too slow--> DONE, and closed
 * </pre>
 *
 * Its first instruction decides the dialect. A classic greeting is an InsInitialRemoteServer, and heartbeats may come
 * before it. An extended one is a Hello, and after the server's Challenge a Proof. If the Proof is wrong, the greeting
 * is DECIDING until it is time to refuse it.
 */
final class Greeting implements ReadyHandler, ExtendedGreeting.Owner {
    private static final int MAX_HEX_LOGGED = 16;
    private static final Duration REJECT_LINGER = Duration.ofSeconds(2);

    /** The states, on the loop. Only the changes that are listed here are possible. */
    private enum State {
        /** The greeting of the peer is not complete. */
        READING,
        /** The greeting is complete and waits for a decision. Nothing is read. */
        DECIDING,
        /** The server has refused and logged the connection. */
        REFUSED,
        /** The connection is closed, or has another owner. */
        DONE;

        boolean leadsTo(State next) {
            return switch (this) {
                case READING -> next == DECIDING || next == REFUSED || next == DONE;
                case DECIDING -> next == REFUSED || next == DONE;
                case REFUSED -> next == DONE;
                case DONE -> false;
            };
        }
    }

    /** The owner of a greeting, which decides on it. Each method is called at most once. */
    interface Owner {
        /** The peer has sent its name, and has proved it in the extended dialect. The greeting waits for a decision. */
        void greeted(Greeting greeting, String name, Optional<AuthenticatedHello> hello);

        /**
         * The server refuses the peer. The peer may get an answer.
         *
         * @param name the name that the peer claims, if it has sent one
         * @param why the reason, for a log line
         */
        void refused(String peerAddress, Optional<String> name, String why);

        /** The connection was closed, or handed to another owner. */
        void ended(Greeting greeting);
    }

    private final EventLoop loop;
    private final Transport transport;
    private final InetAddress peer;
    private final String peerAddress;
    private final Owner owner;
    private final GreetingDecoder greetingDecoder = GreetingDecoder.ofRemote();
    private final InstructionDecoder classicDecoder = InstructionDecoder.classic(new Incoming());
    private final ByteBuffer buffer =
            ByteBuffer.allocate(Math.max(greetingDecoder.maxUndecoded(), classicDecoder.maxUndecoded()));
    private final ExtendedGreeting extendedGreeting;
    private ByteBuffer first = ByteBuffer.allocate(0);
    private Timers.@Nullable Timer deadline;
    private Timers.@Nullable Timer answer;
    private @Nullable SelectionKey key;
    private @Nullable String classicName;
    private boolean extended;
    private State state = State.READING;

    /** @param peer the address of the remote, as far as this server knows */
    Greeting(
            EventLoop loop,
            Transport transport,
            InetSocketAddress peer,
            ExtendedGreeting extendedGreeting,
            Owner owner) {
        this.loop = loop;
        this.transport = transport;
        this.peer = peer.getAddress();
        this.peerAddress = Sockets.text(peer);
        this.extendedGreeting = extendedGreeting;
        this.owner = owner;
    }

    @Override
    public EventLoop loop() {
        return loop;
    }

    String peerAddress() {
        return peerAddress;
    }

    @Override
    public Transport transport() {
        return transport;
    }

    /**
     * Starts to read.
     *
     * @param beginning what has already been read from the connection
     */
    void start(Duration timeout, ByteBuffer beginning) {
        first = beginning;
        try {
            key = loop.register(transport.socket(), SelectionKey.OP_READ, this);
        } catch (IOException e) {
            fail("it was gone at once: " + e.getMessage());
            return;
        }
        deadline = loop.timers()
                .afterAwake(
                        timeout.toNanos(), () -> fail("no greeting within " + Durations.text(timeout)), this::abort);
        if (first.hasRemaining() || transport.hasBuffered()) {
            read();
        }
    }

    @Override
    public void ready(int readyOps) {
        if (state != State.DONE) {
            try {
                transport.flush();
            } catch (IOException e) {
                fail(String.valueOf(e.getMessage()));
                return;
            }
            if (state == State.READING) {
                read();
            }
        }
    }

    private void read() {
        int start = 0;
        try {
            do {
                if (first.hasRemaining()) {
                    int length = Math.min(first.remaining(), buffer.remaining());
                    buffer.put(first.slice(first.position(), length));
                    first.position(first.position() + length);
                } else if (transport.read(buffer) < 0) {
                    fail("it closed the connection before its greeting was complete");
                    return;
                }
                buffer.flip();
                do {
                    start = buffer.position();
                } while (state == State.READING && decode());
                buffer.compact();
                start = 0;
            } while (state == State.READING && (first.hasRemaining() || transport.hasBuffered()));
        } catch (IOException e) {
            fail(String.valueOf(e.getMessage()));
            return;
        } catch (OtherVersionException e) {
            Reject reject = ExtendedGreeting.otherVersion(e.version());
            reject(Optional.of(reject), reject.message());
            return;
        } catch (ProtocolException e) {
            byte[] wrong = new byte[Math.min(MAX_HEX_LOGGED, buffer.limit() - start)];
            buffer.get(start, wrong);
            String what = start == 0 && !extended
                    ? TlsRecords.describeForeign(ByteBuffer.wrap(wrong)).orElse(e.getMessage())
                    : e.getMessage();
            fail(what + "; its bytes: " + HexFormat.ofDelimiter(" ").formatHex(wrong));
            return;
        }
        updateInterest();
    }

    /** Decodes one instruction. Returns whether there was one. */
    private boolean decode() throws ProtocolException {
        if (!extended && buffer.remaining() >= Wire.CODE_LENGTH) {
            extended = Short.toUnsignedInt(buffer.getShort(buffer.position())) == Wire.HELLO;
        }
        if (extended) {
            Optional<GreetingDecoder.Received> received = greetingDecoder.decode(buffer);
            if (received.isPresent()) {
                extendedGreeting.received(this, received.get());
            }
            return received.isPresent();
        }
        if (TlsRecords.looksLikeTls(buffer)) {
            refuse(
                    TlsRecords.unexpectedMessageAlert(),
                    "it speaks TLS, but this server has no certificate for tunnels (portproxy.server.ssl.bundle)");
            return false;
        }
        boolean decoded = classicDecoder.decode(buffer);
        if (classicName != null) {
            become(State.DECIDING);
            owner.greeted(this, classicName, Optional.empty());
        }
        return decoded;
    }

    /** Called when the extended greeting is complete. */
    @Override
    public void proved(AuthenticatedHello hello) {
        become(State.DECIDING);
        owner.greeted(this, hello.name(), Optional.of(hello));
    }

    /** Sends a part of the server's greeting. */
    @Override
    public void send(byte[] instruction) {
        send(ByteBuffer.wrap(instruction));
    }

    /** Sends without waiting: what a greeting sends always fits into the buffer of a new socket. */
    private void send(ByteBuffer out) {
        try {
            transport.write(out);
            transport.flush();
        } catch (IOException e) {
            fail(String.valueOf(e.getMessage()));
            return;
        }
        if (out.hasRemaining()) {
            fail("it does not read");
        }
    }

    /** Refuses the tunnel after a delay. Nothing more is read. */
    @Override
    public void rejectAfter(long nanos, Reject reject, String why) {
        become(State.DECIDING);
        updateInterest();
        answer = loop.timers().after(nanos, () -> reject(Optional.of(reject), why), this::abort);
    }

    /** Refuses the tunnel. The peer gets an answer if the dialect has one. */
    void reject(Optional<Reject> reject, String why) {
        refuse(reject.map(answered -> ByteBuffer.wrap(answered.encode())).orElse(ByteBuffer.allocate(0)), why);
    }

    private void refuse(ByteBuffer last, String why) {
        if (state == State.DONE) {
            return;
        }
        become(State.REFUSED);
        owner.refused(peerAddress, name(), why);
        send(last);
        SelectionKey current = key;
        if (state != State.DONE && current != null) {
            finish();
            CleanClose.start(loop, transport, current, REJECT_LINGER);
            owner.ended(this);
        }
    }

    /**
     * Gives the connection to a tunnel.
     *
     * @param target the tunnel's loop
     * @param taker gets the transport, and the bytes that follow the greeting, on that loop
     */
    void handOver(EventLoop target, BiConsumer<Transport, ByteBuffer> taker) {
        SelectionKey current = key;
        if (state == State.DONE || current == null) {
            transport.reset();
            target.executeUnlessEnded(() -> taker.accept(transport, ByteBuffer.allocate(0)));
            return;
        }
        finish();
        owner.ended(this);
        ByteBuffer rest = rest();
        if (target == loop) {
            taker.accept(transport, rest);
            return;
        }
        current.cancel();
        transport.moveTo(target);
        if (!target.executeUnlessEnded(() -> taker.accept(transport, rest))) {
            transport.reset();
        }
    }

    /** The bytes that were read after the greeting. */
    private ByteBuffer rest() {
        ByteBuffer behind = buffer.flip();
        return first.hasRemaining()
                ? ByteBuffer.allocate(behind.remaining() + first.remaining())
                        .put(behind)
                        .put(first)
                        .flip()
                : behind;
    }

    @Override
    public InetAddress address() {
        return peer;
    }

    /** Closes the connection, and logs the reason. */
    void fail(String why) {
        if (state != State.DONE) {
            if (state != State.REFUSED) {
                owner.refused(peerAddress, name(), why);
            }
            abort();
        }
    }

    @Override
    public void abort() {
        if (state != State.DONE) {
            finish();
            transport.close();
            owner.ended(this);
        }
    }

    /** The name that the peer claims, if it has sent one. */
    Optional<String> name() {
        return extended ? extendedGreeting.name() : Optional.ofNullable(classicName);
    }

    private void become(State next) {
        if (!state.leadsTo(next)) {
            throw new IllegalStateException(this + ": " + state + " does not become " + next);
        }
        state = next;
    }

    private void finish() {
        become(State.DONE);
        if (deadline != null) {
            deadline.cancel();
        }
        if (answer != null) {
            answer.cancel();
        }
    }

    private void updateInterest() {
        SelectionKey current = key;
        if (state != State.DONE && current != null && current.isValid()) {
            current.interestOps(transport.interest(state == State.READING, false));
        }
    }

    @Override
    public String toString() {
        return "greeting of " + peerAddress;
    }

    /** The receiver of the instructions of the classic dialect. */
    private final class Incoming implements InstructionHandler {
        @Override
        public void initialRemoteServer(String name) {
            classicName = name;
        }

        @Override
        public void heartbeat() {
            // Existing remotes start to send heartbeats before the greeting (protocol.md, section 1).
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
