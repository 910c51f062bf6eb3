package io.portproxy.client;

import java.time.Duration;

/**
 * Which of the addresses that the proxy server's name has are dialled.
 *
 * @param all whether tunnels are kept to each of them; else they are tried in turn until one takes
 * @param interval between two looks at the name, with {@code all}; positive
 * @param grace how long streams of an address that the name has lost may still take, with {@code all}
 */
public record ConnectTo(boolean all, Duration interval, Duration grace) {
    /** In turn, until one takes. */
    public static final ConnectTo ANY = new ConnectTo(false, Duration.ofSeconds(30), Duration.ZERO);
}
