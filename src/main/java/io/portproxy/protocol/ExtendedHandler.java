package io.portproxy.protocol;

import java.nio.ByteBuffer;

/**
 * Handles the instructions of an extended tunnel after its greeting. {@link #initialRemoteServer} and
 * {@link #initialConnection} are never called: they are protocol errors in this dialect.
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

    /** Handles an Open. */
    void open(Open open) throws ProtocolException;

    /** Handles an Opened. */
    void opened(long identity) throws ProtocolException;

    /** Handles an End. */
    void end(long identity) throws ProtocolException;

    /**
     * Handles a Reset.
     *
     * @param reason {@link Reason#UNKNOWN} for an unknown number
     */
    void reset(long identity, Reason reason) throws ProtocolException;

    /**
     * Handles a Window.
     *
     * @param delivered bytes of the stream that have been written to the peer's socket, 0 to 2^63-1
     * @param window bytes that may be in flight beyond those, 0 to 2^32-1
     */
    void window(long identity, long delivered, long window) throws ProtocolException;

    /**
     * Handles a complete Datagram. Is called only in a tunnel that carries datagrams.
     *
     * @param data 0 to {@link Wire#MAX_DATAGRAM} bytes up to its limit; must not be kept
     */
    default void datagram(long identity, ByteBuffer data) throws ProtocolException {
        throw new ProtocolException("Datagram in a tunnel without that feature");
    }

    /**
     * Handles a Ping.
     *
     * @param opaque the number that the Pong must send back
     */
    void ping(long opaque) throws ProtocolException;

    /** Handles a Pong. */
    void pong(long opaque) throws ProtocolException;

    /**
     * Handles a GoAway.
     *
     * @param reason {@link Reason#UNKNOWN} for an unknown number
     * @param deadlineMillis the time in milliseconds after which the peer closes the tunnel, 0 to 2^32-1
     */
    void goAway(Reason reason, long deadlineMillis) throws ProtocolException;

    /** Handles an Expose, an Exposed or an ExposeRefused. */
    void expose(ExposeInstruction instruction) throws ProtocolException;
}
