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
public final class InstructionReader {
    /** Reads of what a transport holds before the others have their turn. */
    private static final int READS_A_TURN = 4;

    /** Data in bytes that is worth a read of its own. */
    private static final int LONG_DATA = 64 * 1024;

    private static final int MAX_HEX_LOGGED = 16;

    /** What is kept of an instruction that has not come whole, unless it is a long datagram. */
    private static final int USUAL_UNDECODED = Dialect.EXTENDED.maxUndecoded();

    private final EventLoop loop;
    private final Transport transport;
    private final InstructionDecoder decoder;
    private final Owner owner;
    private final InstructionTrace trace;
    private ByteBuffer undecoded; // grows to what the decoder may leave when that comes
    private boolean begun; // the peer has sent a whole instruction

    /** The tunnel. */
    interface Owner {
        boolean isClosed();

        /** Whether it is up and may be read. */
        boolean isReading();

        /** Bytes have come. */
        void heard();

        void lose(Reason reason, String detail);

        /** The peer has closed its side. */
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

    /** Whether the selector does not know of all that can be read. */
    boolean hasBuffered() {
        return transport.hasBuffered();
    }

    /** Reads what there is, up to a limit for fairness; what is left then is {@link #hasBuffered}. */
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
     * Where to read to. Within a long InsData no further than to the head of the next one, so that a bulk stream's data is
     * read, and written to its socket, in one piece.
     */
    private ByteBuffer room() {
        ByteBuffer in = loop.lendReadBuffer().put(undecoded); // what is decoded may have others read
        long data = decoder.dataRemaining();
        if (data >= LONG_DATA) {
            in.limit((int) Math.min(in.capacity(), data + Wire.DATA_HEAD));
        }
        return in;
    }

    /** Decodes bytes; the rest, a part of an instruction, is kept. */
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
            // A classic server sends nothing of its own accord: what it answers to a greeting in plain may be TLS's
            // alert.
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
