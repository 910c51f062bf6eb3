package io.portproxy.mux;

/** What a session asks of its tunnel. All on the tunnel's loop. */
public interface Peer {

    /** Send InsInitialConnection. */
    void sendInitialConnection(long identity, int targetPort);

    /** Send InsCloseConnection, behind all data of the stream sent before. */
    void sendCloseConnection(long identity);

    /** Stop or go on reading from the tunnel. */
    void reading(boolean allowed);
}
