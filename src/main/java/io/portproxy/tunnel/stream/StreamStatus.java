package io.portproxy.tunnel.stream;

/**
 * What a stream's socket is about just now.
 *
 * @param connecting whether the target is still dialled
 * @param read bytes that came from the socket
 * @param received bytes that came for it
 * @param queued bytes that wait for it
 * @param waitsForWindow whether the peer takes no more for now
 * @param waitsForTurn whether it waits for its turn at the tunnel
 */
public record StreamStatus(
        boolean connecting, long read, long received, long queued, boolean waitsForWindow, boolean waitsForTurn) {}
