package io.portproxy.mux;

/** The limit that keeps a tunnel from being read. */
public enum PauseCause {
    /** More bytes than {@code stream-buffer} wait for one slow reader (classic). */
    STREAM_BUFFER,
    /** More bytes than {@code tunnel-buffer} wait for the readers of the tunnel together. */
    TUNNEL_BUFFER,
    /** More bytes than {@code buffer-memory} wait for all readers of the process. */
    BUFFER_MEMORY
}
