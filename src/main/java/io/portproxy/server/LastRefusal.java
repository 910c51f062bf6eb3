package io.portproxy.server;

import java.time.Instant;

/**
 * The greeting with a remote's name that was refused last.
 *
 * @param at when
 * @param address from where it came
 * @param message why, as the log has it
 */
public record LastRefusal(Instant at, String address, String message) {}
