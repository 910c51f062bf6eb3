package io.portproxy.webhook;

import io.portproxy.tunnel.telemetry.Event;
import java.net.URI;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;

/**
 * A receiver of events.
 *
 * @param name what it is called
 * @param url where events are sent; may have a secret in it
 * @param signature signs requests, or does not
 * @param source which process events come from: a URI reference
 * @param events what is sent
 * @param patience how long a remote must be away until that is sent; 0 for at once
 * @param queue events that may wait to be sent
 * @param timeout of one request, its answer included
 * @param retryFirst the wait after the first attempt that failed; doubled for each further one
 * @param retryMax the longest wait
 * @param retryFor how long one event is tried
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

    /** Where events are sent, without what may be secret: scheme, host and port. */
    public String place() {
        return url.getScheme() + "://" + url.getHost() + (url.getPort() < 0 ? "" : ":" + url.getPort());
    }

    /** Without secrets. */
    @Override
    public String toString() {
        return "webhook " + name + " at " + place();
    }
}
