package io.portproxy.tunnel.connection;

import io.portproxy.mux.SessionOutput;
import io.portproxy.protocol.ExposeInstruction;
import io.portproxy.protocol.InstructionEncoder;
import io.portproxy.protocol.Open;
import io.portproxy.protocol.Reason;
import io.portproxy.protocol.Wire;
import java.nio.ByteBuffer;
import java.util.function.Consumer;

/** Writes control instructions. They leave at the end of the loop's turn. On the tunnel's loop. */
public abstract class ControlWriter implements SessionOutput {
    /**
     * If more bytes than this wait to leave, no stream is added and no Ping is answered. Other instructions still go
     * out; the number of existing streams limits them.
     */
    public static final int MAX_QUEUED = 1024 * 1024;

    private final TunnelWriter writer;

    public ControlWriter(TunnelWriter writer) {
        this.writer = writer;
    }

    @Override
    public void sendCloseConnection(long identity) {
        put(Wire.CLOSE_CONNECTION_LENGTH, out -> InstructionEncoder.closeConnection(out, identity));
    }

    @Override
    public final void sendOpened(long identity) {
        put(Wire.OPENED_LENGTH, out -> InstructionEncoder.opened(out, identity));
    }

    @Override
    public final void sendEnd(long identity) {
        put(Wire.END_LENGTH, out -> InstructionEncoder.end(out, identity));
    }

    @Override
    public final void sendReset(long identity, Reason reason) {
        put(Wire.RESET_LENGTH, out -> InstructionEncoder.reset(out, identity, reason));
    }

    /** Is on the hot path: it uses no lambda, so that it allocates nothing. */
    @Override
    public final void sendWindow(long identity, long delivered, long window) {
        if (!writer.isClosed()) {
            try {
                InstructionEncoder.window(writer.controlRoom(Wire.WINDOW_LENGTH), identity, delivered, window);
                writer.added(Wire.WINDOW_LENGTH);
            } catch (Throwable e) {
                failed(e);
            }
        }
    }

    public final void sendGreeting(byte[] greeting) {
        put(greeting.length, out -> out.put(greeting));
    }

    public final void sendInitialConnection(Open open) {
        put(
                Wire.INITIAL_CONNECTION_LENGTH,
                out -> InstructionEncoder.initialConnection(out, open.identity(), open.targetPort()));
    }

    public final void sendOpen(Open open) {
        put(open.maxLength(), out -> InstructionEncoder.open(out, open));
    }

    /** Sends a Pong. Sends nothing if the peer does not read. */
    public final void sendPong(long opaque) {
        if (writer.size() < MAX_QUEUED) {
            put(Wire.PING_LENGTH, out -> InstructionEncoder.pong(out, opaque));
        }
    }

    /** Sends an instruction about ports. Sends nothing if the peer does not read. */
    public final void sendExpose(ExposeInstruction instruction) {
        if (writer.size() < MAX_QUEUED) {
            byte[] bytes = instruction.encode();
            put(bytes.length, out -> out.put(bytes));
        }
    }

    public final void sendGoAway(Reason reason, long deadlineMillis) {
        put(Wire.GO_AWAY_LENGTH, out -> InstructionEncoder.goAway(out, reason, deadlineMillis));
    }

    private void put(int mostLength, Consumer<ByteBuffer> instruction) {
        if (!writer.isClosed()) {
            try {
                ByteBuffer room = writer.controlRoom(mostLength);
                int start = room.position();
                instruction.accept(room);
                writer.added(room.position() - start);
            } catch (Throwable e) {
                failed(e);
            }
        }
    }

    /** Is called when an instruction could not be written. The peer does not get it, so the tunnel must end. */
    protected abstract void failed(Throwable cause);
}
