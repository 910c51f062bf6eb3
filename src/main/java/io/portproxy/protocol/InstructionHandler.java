package io.portproxy.protocol;

import java.nio.ByteBuffer;

/**
 * Takes decoded instructions. Plain arguments instead of a record for each instruction, so that relaying a chunk
 * allocates nothing.
 */
public interface InstructionHandler {

    /**
     * InsInitialRemoteServer.
     *
     * @param name the remote name, 1 to 255 bytes of UTF-8
     */
    void initialRemoteServer(String name) throws ProtocolException;

    /**
     * InsInitialConnection.
     *
     * @param targetPort 0 to 65535, as it was on the wire
     */
    void initialConnection(long identity, int targetPort) throws ProtocolException;

    /** InsHeartbeat. */
    void heartbeat() throws ProtocolException;

    /**
     * The head of an InsData; its data follows in calls of {@link #data}.
     *
     * @param length of the data in bytes, 0 to 2^32-1
     */
    void dataHead(long identity, long length) throws ProtocolException;

    /**
     * A part of the data of an InsData, as it has arrived; one InsData can come in many parts.
     *
     * @param data what to take, from position to limit, never empty; not to be kept after the call. Bytes left in it
     *     are skipped.
     */
    void data(long identity, ByteBuffer data) throws ProtocolException;

    /** InsCloseConnection. */
    void closeConnection(long identity) throws ProtocolException;
}
