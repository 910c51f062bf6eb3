package io.portproxy.tunnel.stream;

/**
 * The state of a stream's socket at one moment.
 *
 * @param connecting whether the target is still being connected
 * @param read the bytes that came from the socket
 * @param received the bytes that came for it
 * @param queued the bytes that wait for it
 * @param waitsForWindow whether the peer takes no more for now
 * @param waitsForTurn whether it waits for its turn at the tunnel
 */
public record StreamStatus(
        boolean connecting, long read, long received, long queued, boolean waitsForWindow, boolean waitsForTurn) {}
