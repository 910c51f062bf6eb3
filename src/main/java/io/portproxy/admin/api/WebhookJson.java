package io.portproxy.admin.api;

import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A program that is told what happens.
 *
 * @param name what it is called
 * @param place where it is: scheme, host and port. The rest of its address may be secret and is not shown
 * @param events the types of events that it gets
 * @param waiting events that wait to be sent
 * @param sent events that it has taken since this process started
 * @param failed attempts that have failed
 * @param gaveUp events that it did not take in the time for that, or refused for good
 * @param dropped events for which the queue had no room
 * @param lastSent when it took the last event; null before the first
 * @param trouble why the last attempt has failed; null if it did not
 */
@Schema(name = "Webhook")
record WebhookJson(
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
