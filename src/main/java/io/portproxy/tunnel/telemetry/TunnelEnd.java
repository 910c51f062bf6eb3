package io.portproxy.tunnel.telemetry;

import java.time.Instant;

/**
 * How a tunnel ended.
 *
 * @param at when it ended
 * @param address the other end's address
 * @param reason the reason's key, as in {@code idle_timeout}
 * @param message the same in words, as in the log
 */
public record TunnelEnd(Instant at, String address, String reason, String message) {}
