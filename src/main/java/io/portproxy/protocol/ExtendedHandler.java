package io.portproxy.protocol;

import java.nio.ByteBuffer;

/**
 * Takes what an extended tunnel brings behind its greeting. {@link #initialRemoteServer} and {@link #initialConnection}
 * are never called: they are protocol errors in this dialect.
 */
public interface ExtendedHandler extends InstructionHandler {

    @Override
    default void initialRemoteServer(String name) {
        throw new IllegalStateException("InsInitialRemoteServer in an extended tunnel");
    }

    @Override
    default void initialConnection(long identity, int targetPort) {
        throw new IllegalStateException("InsInitialConnection in an extended tunnel");
    }

    /** Open. */
    void open(Open open) throws ProtocolException;

    /** Opened. */
    void opened(long identity) throws ProtocolException;

    /** End. */
    void end(long identity) throws ProtocolException;

    /**
     * Reset.
     *
     * @param reason {@link Reason#UNKNOWN} for a number that we do not know
     */
    void reset(long identity, Reason reason) throws ProtocolException;

    /**
     * Window.
     *
     * @param delivered bytes of the stream that have left for the peer's socket, 0 to 2^63-1
     * @param window bytes that may be on their way beyond those, 0 to 2^32-1
     */
    void window(long identity, long delivered, long window) throws ProtocolException;

    /**
     * Datagram, whole. Comes only in a tunnel that carries datagrams.
     *
     * @param data 0 to {@link Wire#MAX_DATAGRAM} bytes up to its limit; not to be kept
     */
    default void datagram(long identity, ByteBuffer data) throws ProtocolException {
        throw new ProtocolException("Datagram in a tunnel without that feature");
    }

    /**
     * Ping.
     *
     * @param opaque to be sent back in a Pong
     */
    void ping(long opaque) throws ProtocolException;

    /** Pong. */
    void pong(long opaque) throws ProtocolException;

    /**
     * GoAway.
     *
     * @param reason {@link Reason#UNKNOWN} for a number that we do not know
     * @param deadlineMillis after how many ms the peer closes the tunnel, 0 to 2^32-1
     */
    void goAway(Reason reason, long deadlineMillis) throws ProtocolException;

    /** Expose, Exposed or ExposeRefused. */
    void expose(ExposeInstruction instruction) throws ProtocolException;
}
