package io.portproxy.mux;

import io.portproxy.protocol.Reason;

/**
 * The requests of a session to its tunnel. An instruction is sent after all data of its stream that was sent before.
 * All on the tunnel's loop.
 */
public interface SessionOutput {

    /** Sends InsCloseConnection. */
    void sendCloseConnection(long identity);

    /** Sends Opened. */
    void sendOpened(long identity);

    /** Sends End. */
    void sendEnd(long identity);

    /** Sends Reset. */
    void sendReset(long identity, Reason reason);

    /** Sends Window. */
    void sendWindow(long identity, long delivered, long window);

    /** Makes the tunnel stop reading, or go on. */
    void reading(boolean allowed);

    /** Returns the last measured round trip in nanoseconds; negative while it is not known. */
    long roundTripNanos();
}
