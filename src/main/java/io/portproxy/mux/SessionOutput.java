package io.portproxy.mux;

import io.portproxy.protocol.Reason;

/**
 * What a session asks of its tunnel: to send an instruction behind all data of its stream sent before, or to read or not
 * to read. All on the tunnel's loop.
 */
public interface SessionOutput {

    /** Send InsCloseConnection. */
    void sendCloseConnection(long identity);

    /** Send Opened. */
    void sendOpened(long identity);

    /** Send End. */
    void sendEnd(long identity);

    /** Send Reset. */
    void sendReset(long identity, Reason reason);

    /** Send Window. */
    void sendWindow(long identity, long delivered, long window);

    /** Stop or go on reading from the tunnel. */
    void reading(boolean allowed);

    /** The round trip last measured in nanoseconds, negative while it is not known. */
    long roundTripNanos();
}
