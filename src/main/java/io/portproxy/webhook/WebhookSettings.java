package io.portproxy.webhook;

import io.portproxy.tunnel.telemetry.Event;
import java.net.URI;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;

/**
 * The settings of a receiver of events.
 *
 * @param name the name of the receiver
 * @param url where events are sent; may contain a secret
 * @param signature signs requests, or leaves them unsigned
 * @param source the process that events come from, as a URI reference
 * @param events the types of events that are sent
 * @param patience how long a remote must be away before that is reported; 0: immediately
 * @param queue the largest number of events that may wait
 * @param timeout the timeout of one request, including its answer
 * @param retryFirst the pause after the first failed attempt; it doubles with each further one
 * @param retryMax the longest pause
 * @param retryFor for how long an event is retried
 */
public record WebhookSettings(
        String name,
        URI url,
        Signature signature,
        String source,
        Set<Event.Type> events,
        Duration patience,
        int queue,
        Duration timeout,
        Duration retryFirst,
        Duration retryMax,
        Duration retryFor) {
    public WebhookSettings {
        events = Set.copyOf(events.isEmpty() ? EnumSet.noneOf(Event.Type.class) : EnumSet.copyOf(events));
    }

    /** Returns the part of the URL that is not secret: scheme, host and port. */
    public String place() {
        return url.getScheme() + "://" + url.getHost() + (url.getPort() < 0 ? "" : ":" + url.getPort());
    }

    /** Omits secrets. */
    @Override
    public String toString() {
        return "webhook " + name + " at " + place();
    }
}
