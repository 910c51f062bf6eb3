package io.portproxy.webhook;

import io.portproxy.tunnel.telemetry.Event;
import io.portproxy.tunnel.telemetry.EventSink;
import java.util.List;
import java.util.Optional;

/** All receivers of events. Any thread. */
public final class Webhooks implements EventSink, AutoCloseable {
    private final List<Webhook> all;

    /** Starts them. */
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

    /** All, in the order of the settings. */
    public List<Webhook> all() {
        return all;
    }

    /** The one with that name. */
    public Optional<Webhook> find(String name) {
        return all.stream().filter(each -> each.name().equals(name)).findFirst();
    }

    @Override
    public void close() {
        all.forEach(Webhook::close);
    }
}
