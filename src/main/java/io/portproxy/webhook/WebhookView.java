package io.portproxy.webhook;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * The state of a receiver of events at one moment.
 *
 * @param name the name of the receiver
 * @param place its scheme, host and port; the rest of the URL may be secret
 * @param events the keys of the event types that it gets
 * @param waiting events that wait to be sent
 * @param sent events that the receiver accepted
 * @param failed attempts that failed
 * @param gaveUp events that were dropped because the time for retries was over or because the receiver refused them for good
 * @param dropped events that were dropped because the queue was full
 * @param lastSent when the receiver last accepted an event
 * @param trouble why the last attempt failed; empty if it succeeded
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
