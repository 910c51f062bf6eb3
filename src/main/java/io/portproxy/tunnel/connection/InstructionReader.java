package io.portproxy.tunnel.connection;

import io.portproxy.net.EventLoop;
import io.portproxy.net.Transport;
import io.portproxy.net.tls.TlsRecords;
import io.portproxy.protocol.Dialect;
import io.portproxy.protocol.InstructionDecoder;
import io.portproxy.protocol.ProtocolException;
import io.portproxy.protocol.Reason;
import io.portproxy.protocol.Wire;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.HexFormat;

/** Reads a tunnel's connection and passes the bytes to the decoder. On the tunnel's loop. */
final class InstructionReader {
    /** The number of reads of buffered bytes in one turn. After that, other connections have their turn. */
    private static final int READS_A_TURN = 4;

    /** Data of this length in bytes gets a read of its own. */
    private static final int LONG_DATA = 64 * 1024;

    private static final int MAX_HEX_LOGGED = 16;

    /** The usual room for a part of an instruction. A long datagram needs more. */
    private static final int USUAL_UNDECODED = Dialect.EXTENDED.maxUndecoded();

    private final EventLoop loop;
    private final Transport transport;
    private final InstructionDecoder decoder;
    private final Owner owner;
    private final InstructionTrace trace;
    private ByteBuffer undecoded; // grows to the decoder's maximum when an instruction needs that
    private boolean begun; // whether the peer has sent a whole instruction

    /** The tunnel. */
    interface Owner {
        boolean isClosed();

        /** Returns whether the tunnel is up and may be read. */
        boolean isReading();

        /** Is called when bytes have arrived. */
        void heard();

        void lose(Reason reason, String detail);

        /** Is called when the peer has closed its side. */
        void ended();
    }

    InstructionReader(
            EventLoop loop, Transport transport, InstructionDecoder decoder, Owner owner, InstructionTrace trace) {
        this.trace = trace;
        this.loop = loop;
        this.transport = transport;
        this.decoder = decoder;
        this.owner = owner;
        this.undecoded = ByteBuffer.allocate(Math.min(USUAL_UNDECODED, decoder.maxUndecoded()))
                .limit(0);
    }

    /** Returns whether the transport holds bytes that the selector does not know of. */
    boolean hasBuffered() {
        return transport.hasBuffered();
    }

    /**
     * Reads the available bytes, up to a limit for fairness. After that, {@link #hasBuffered} says whether more are
     * left.
     */
    void read() {
        try {
            int reads = 0;
            do {
                ByteBuffer in = room();
                int length = transport.read(in);
                if (length < 0) {
                    owner.ended();
                    return;
                }
                if (length > 0) {
                    owner.heard();
                }
                decode(in.flip());
            } while (owner.isReading() && transport.hasBuffered() && ++reads < READS_A_TURN);
        } catch (IOException e) {
            owner.lose(Reason.TUNNEL_LOST, String.valueOf(e.getMessage()));
        } finally {
            loop.takeBackReadBuffer();
        }
    }

    /**
     * Returns the buffer to read into. Within a long InsData it ends at the head of the next instruction, so that the
     * data of a bulk stream is read, and written to its socket, in one piece.
     */
    private ByteBuffer room() {
        // A copy: while bytes are decoded, other code may use the read buffer.
        ByteBuffer in = loop.lendReadBuffer().put(undecoded);
        long data = decoder.dataRemaining();
        if (data >= LONG_DATA) {
            in.limit((int) Math.min(in.capacity(), data + Wire.DATA_HEAD));
        }
        return in;
    }

    /** Decodes bytes. Keeps the rest, which is a part of an instruction. */
    void decode(ByteBuffer in) {
        int start = in.position();
        trace.look();
        try {
            do {
                start = in.position();
            } while (!owner.isClosed() && (trace.isOn() ? decodeAndTrace(in) : decoder.decode(in)));
            begun |= start > 0;
        } catch (ProtocolException e) {
            String bytes = HexFormat.ofDelimiter(" ").formatHex(firstBytes(in, start));
            // A classic server sends nothing without a request. So the first bytes may be a TLS alert that answers a
            // greeting in plain text.
            ByteBuffer first = in.duplicate().position(0);
            String what = e.getMessage();
            if (!begun && start == 0) {
                what = TlsRecords.looksLikeTls(first)
                        ? "the peer speaks TLS, and this side was not told to (ssl.bundle)"
                        : TlsRecords.describeForeign(first).orElse(what);
            }
            owner.lose(Reason.PROTOCOL_ERROR, what + "; its bytes: " + bytes);
            return;
        }
        if (!owner.isClosed()) {
            keep(in);
        }
    }

    private void keep(ByteBuffer rest) {
        if (rest.remaining() > undecoded.capacity()) {
            undecoded = ByteBuffer.allocate(decoder.maxUndecoded());
        }
        undecoded.clear().put(rest).flip();
    }

    private boolean decodeAndTrace(ByteBuffer in) throws ProtocolException {
        boolean head = decoder.isAtHead();
        int start = in.position();
        boolean decoded = decoder.decode(in);
        if (head && decoded) {
            trace.received(in, start, in.position() - start);
        }
        return decoded;
    }

    private static byte[] firstBytes(ByteBuffer in, int start) {
        byte[] bytes = new byte[Math.min(MAX_HEX_LOGGED, in.limit() - start)];
        in.get(start, bytes);
        return bytes;
    }
}
