package io.portproxy.client;

import java.time.Instant;
import java.util.Optional;

/**
 * A target that the server has asked for.
 *
 * @param target the target's {@code host:port}
 * @param asked how often the server has asked for it
 * @param denied how often it was denied, as it is not allowed
 * @param lastAsked when the server asked for it last
 * @param lastDenied when it was denied last; empty if it was not
 */
public record AskedTarget(String target, long asked, long denied, Instant lastAsked, Optional<Instant> lastDenied) {}
