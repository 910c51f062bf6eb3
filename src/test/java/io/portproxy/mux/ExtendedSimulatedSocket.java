package io.portproxy.mux;

import static org.assertj.core.api.Assertions.assertThat;

import io.portproxy.protocol.Reason;
import java.nio.ByteBuffer;

/** The socket of a user or a target at one side of a simulated tunnel. It knows what the user or target wrote, and checks what comes. */
final class ExtendedSimulatedSocket extends ExtendedSocket {
    final ExtendedSimulatedConnection connection;
    private final ExtendedSimulatedSide side;
    private final Session session;
    private long written; // bytes that the user or the target has written to its socket
    private boolean ended; // whether a FIN is behind these bytes
    private long relayed; // the part of these bytes that went into the tunnel
    private boolean endRelayed;
    private long came; // bytes that came from the peer
    private boolean blocked;
    private boolean connecting;
    private boolean finishesOnceConnected;
    private boolean refused;
    private String outcome = "";

    ExtendedSimulatedSocket(ExtendedSimulatedSide side, ExtendedSimulatedConnection connection, boolean connecting) {
        super(side.session);
        this.side = side;
        this.session = side.session;
        this.connection = connection;
        this.connecting = connecting;
    }

    /** Lets the user or the target write bytes. */
    void write(int bytes) {
        if (!ended && !connecting) {
            written += bytes;
        }
    }

    /** Ends what the user or the target writes. */
    void endInput() {
        ended = true;
    }

    /** Lets the user or the target read bytes. */
    void read(long bytes) {
        if (!connecting) {
            take(bytes);
        }
    }

    /** Relays one frame from the socket into the tunnel, as far as the window allows. Returns whether any byte went. */
    boolean relay(int most) {
        if (isOver() || refused || endRelayed || blocked || connecting) {
            return false;
        }
        long room = session.sendRoom(stream());
        if (room == 0) {
            blocked = true; // until it is woken, and only then
            side.blocks++;
            return false;
        }
        int length = (int) Math.min(Math.min(room, most), written - relayed);
        if (length > 0) {
            byte[] data = new byte[length];
            for (int i = 0; i < length; i++) {
                data[i] = content(this, relayed + i);
            }
            relayed += length;
            side.sendData(connection.identity, data);
            session.sent(stream(), length);
        } else if (ended) {
            endRelayed = true;
            session.inputEnded(stream());
        }
        return length > 0 || endRelayed;
    }

    boolean isConnecting() {
        return connecting && !isOver();
    }

    void connect() {
        connecting = false;
        session.connected(stream());
        if (finishesOnceConnected) {
            super.finish();
        }
    }

    /** Breaks the connection, or makes its dial fail. */
    void breakDown(Reason reason) {
        if (!isOver() && !refused) {
            connection.causes.add(reason);
            session.end(stream(), reason);
        }
    }

    /** Breaks the connection. The session notices when it delivers the next bytes. */
    void breakLater() {
        if (!isOver() && !refused) {
            connection.causes.add(Reason.TARGET_RESET);
            breakNext();
        }
    }

    /** Refuses what the user or the target wrote. */
    void refuse() {
        if (!isOver() && !refused && !endRelayed && !connecting) {
            connection.causes.add(Reason.DENIED);
            refused = true;
            session.refuse(stream(), Reason.DENIED);
        }
    }

    boolean isRefused() {
        return refused;
    }

    @Override
    public void deliver(ByteBuffer data) {
        ExtendedSimulatedSocket sender = connection.otherEnd(this);
        for (int i = data.position(); i < data.limit(); i++) {
            if (data.get(i) != content(sender, came++)) {
                throw new AssertionError("another byte than was sent at " + (came - 1));
            }
        }
        require(came <= sender.relayed, "more came than was sent");
        super.deliver(data);
    }

    @Override
    public void sendRoomGrew() {
        assertThat(blocked).as("woken though not blocked").isTrue();
        assertThat(isOver() || refused).isFalse();
        blocked = false;
    }

    @Override
    public void finish() {
        assertAllCame();
        if (connecting) {
            finishesOnceConnected = true;
        } else {
            super.finish();
        }
    }

    @Override
    public void finishAndClose() {
        assertThat(refused).as("only a refusal ends a stream this way").isTrue();
        super.finishAndClose();
    }

    @Override
    public void release() {
        if (!refused) {
            assertAllCame();
            assertThat(taken()).isEqualTo(came);
            assertThat(endRelayed).isTrue();
            assertThat(relayed).isEqualTo(written);
        }
        outcome = refused ? "refused" : "complete";
        super.release();
    }

    @Override
    public void reset(Reason reason) {
        if (reason == Reason.STALLED && side.dropsStalled) {
            connection.causes.add(reason);
        }
        assertThat(connection.causes).as("nobody asked for this reset").contains(reason);
        outcome = "reset";
        super.reset(reason);
    }

    private void assertAllCame() {
        ExtendedSimulatedSocket sender = connection.otherEnd(this);
        assertThat(sender.ended).as("a FIN that nobody sent").isTrue();
        assertThat(came).as("a clean end means that all has come").isEqualTo(sender.written);
    }

    /** Checks what must be true at any time. */
    void check(long maxWindow) {
        Stream stream = stream();
        if (isOver()) {
            return;
        }
        require(stream.sent == relayed && relayed <= stream.sendLimit, "sent more than the window");
        require(stream.received == came && came <= stream.receiveLimit, "received more than the window");
        require(stream.delivered == taken(), "delivered another number than the socket took");
        require(stream.waiting == queued() && queued() == came - taken(), "another number waits");
        require(queued() <= stream.window && stream.window <= maxWindow, "more waits than the window");
        require(stream.receiveLimit - stream.delivered <= stream.window, "gave more than the window");
        ExtendedSimulatedSocket other = connection.otherEnd(this);
        if (other != null && !other.isOver()) {
            require(stream.sendLimit <= other.stream().receiveLimit, "may send more than the other takes");
        }
    }

    /** Checks a condition without AssertJ. The check runs so often that AssertJ's messages would take most of the time. */
    private void require(boolean condition, String otherwise) {
        if (!condition) {
            throw new AssertionError("stream " + stream() + ": " + otherwise);
        }
    }

    /** Returns {@code complete}, {@code reset} or {@code refused}, or an empty text while the stream lives. */
    String outcome() {
        return outcome;
    }

    long received() {
        return came;
    }

    private static byte content(ExtendedSimulatedSocket sender, long offset) {
        long mixed = (sender.connection.identity * 2 + (sender == sender.connection.user ? 0 : 1)) * 7919 + offset;
        return (byte) ((mixed * 0x9E3779B97F4A7C15L) >>> 56);
    }
}
