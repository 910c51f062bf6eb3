package io.portproxy.client;

import java.time.Instant;
import java.util.Optional;

/**
 * A target that the server has asked for.
 *
 * @param target the target's {@code host:port}
 * @param asked how often the server has asked for it
 * @param denied how often it was denied because it is not allowed
 * @param lastAsked when the server last asked for it
 * @param lastDenied when it was last denied; empty if it never was
 */
public record AskedTarget(String target, long asked, long denied, Instant lastAsked, Optional<Instant> lastDenied) {}
