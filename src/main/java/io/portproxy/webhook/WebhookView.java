package io.portproxy.webhook;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A receiver of events as it was at one moment.
 *
 * @param name what it is called
 * @param place where it is: scheme, host and port, as the rest may be secret
 * @param events the keys of the types that it gets
 * @param waiting events that wait to be sent
 * @param sent events that it has taken
 * @param failed attempts that have failed
 * @param gaveUp events that were tried for as long as they may be, or that the receiver refused for good
 * @param dropped events for which the queue had no room
 * @param lastSent when it took the last one
 * @param trouble why the last attempt has failed; empty if it did not
 */
public record WebhookView(
        String name,
        String place,
        List<String> events,
        int waiting,
        long sent,
        long failed,
        long gaveUp,
        long dropped,
        Optional<Instant> lastSent,
        Optional<String> trouble) {}
