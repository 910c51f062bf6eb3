package io.portproxy.mux;

/** Which limit keeps a tunnel from being read. */
public enum PauseCause {
    /** More waits for one slow reader than {@code stream-buffer} (classic). */
    STREAM_BUFFER,
    /** More waits for the readers of the tunnel together than {@code tunnel-buffer}. */
    TUNNEL_BUFFER,
    /** More waits for all readers of the process than {@code buffer-memory}. */
    BUFFER_MEMORY
}
