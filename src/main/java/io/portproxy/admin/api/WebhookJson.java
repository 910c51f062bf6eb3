package io.portproxy.admin.api;

import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A program that receives events.
 *
 * @param name its name
 * @param place its address: scheme, host and port. The rest of the address may be secret and is not shown
 * @param events the types of events that it gets
 * @param waiting events that wait to be sent
 * @param sent events that it has accepted since this process started
 * @param failed attempts that have failed
 * @param gaveUp events that it refused permanently, or did not accept while they were retried
 * @param dropped events that were dropped because the queue was full
 * @param lastSent when it last accepted an event; null before the first
 * @param trouble why the last attempt failed; null if it did not fail
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
