package io.portproxy.protocol;

import java.nio.ByteBuffer;

/**
 * Handles decoded instructions. The methods have plain arguments and not a record for each instruction, so that to
 * relay a chunk allocates nothing.
 */
public interface InstructionHandler {

    /**
     * Handles an InsInitialRemoteServer.
     *
     * @param name the remote name, 1 to 255 bytes of UTF-8
     */
    void initialRemoteServer(String name) throws ProtocolException;

    /**
     * Handles an InsInitialConnection.
     *
     * @param targetPort 0 to 65535, as it was on the wire
     */
    void initialConnection(long identity, int targetPort) throws ProtocolException;

    /** Handles an InsHeartbeat. */
    void heartbeat() throws ProtocolException;

    /**
     * Handles the head of an InsData. Its data follows in calls of {@link #data}.
     *
     * @param length the length of the data in bytes, 0 to 2^32-1
     */
    void dataHead(long identity, long length) throws ProtocolException;

    /**
     * Handles a part of the data of an InsData, as it has arrived. One InsData can come in many parts.
     *
     * @param data the part, from position to limit, never empty; must not be kept after the call. Bytes that are left
     *     in it are skipped
     */
    void data(long identity, ByteBuffer data) throws ProtocolException;

    /** Handles an InsCloseConnection. */
    void closeConnection(long identity) throws ProtocolException;
}
