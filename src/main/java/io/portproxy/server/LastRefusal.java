package io.portproxy.server;

import java.time.Instant;

/**
 * The last greeting with a remote's name that the server refused.
 *
 * @param at when the server refused it
 * @param address the address that it came from
 * @param message the reason, as in the log
 */
public record LastRefusal(Instant at, String address, String message) {}
