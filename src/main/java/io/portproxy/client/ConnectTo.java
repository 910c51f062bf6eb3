package io.portproxy.client;

import java.time.Duration;

/**
 * Which addresses of the proxy server's name the remote connects to.
 *
 * @param all whether tunnels are kept to each address; if not, the addresses are tried in turn until one accepts
 * @param interval the time between two look-ups of the name, with {@code all}; positive
 * @param grace how long streams may continue at an address that the name no longer has, with {@code all}
 */
public record ConnectTo(boolean all, Duration interval, Duration grace) {
    /** Tries the addresses in turn until one accepts. */
    public static final ConnectTo ANY = new ConnectTo(false, Duration.ofSeconds(30), Duration.ZERO);
}
