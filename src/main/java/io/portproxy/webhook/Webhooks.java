package io.portproxy.webhook;

import io.portproxy.tunnel.telemetry.Event;
import io.portproxy.tunnel.telemetry.EventSink;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** All receivers of events. Any thread. */
public final class Webhooks implements EventSink, AutoCloseable {
    private static final long CLOSE_NANOS = TimeUnit.SECONDS.toNanos(2);

    private final List<Webhook> all;

    /** Starts all receivers. */
    public Webhooks(List<WebhookSettings> settings) {
        this.all = settings.stream().map(Webhook::new).toList();
        all.forEach(Webhook::start);
    }

    @Override
    public void happened(Event event) {
        for (Webhook each : all) {
            each.happened(event);
        }
    }

    /** Returns all receivers, in the order of the settings. */
    public List<Webhook> all() {
        return all;
    }

    /** Returns the receiver with that name. */
    public Optional<Webhook> find(String name) {
        return all.stream().filter(each -> each.name().equals(name)).findFirst();
    }

    /**
     * Makes one attempt for each event that waits, for at most two seconds in total. So an event that says why a process does not start is
     * sent before the process ends.
     */
    @Override
    public void close() {
        long end = System.nanoTime() + CLOSE_NANOS;
        all.forEach(Webhook::beginToClose);
        all.forEach(each -> each.close(end - System.nanoTime()));
    }
}
