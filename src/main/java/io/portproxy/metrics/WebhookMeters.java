package io.portproxy.metrics;

import io.portproxy.webhook.Webhook;
import io.portproxy.webhook.WebhookView;
import io.portproxy.webhook.Webhooks;

/** The metrics of the events that webhooks send to other programs. */
public final class WebhookMeters {

    /** @param series receives the metrics */
    public WebhookMeters(Series series, Webhooks webhooks) {
        series.add(samples -> webhooks.all().stream().map(Webhook::view).forEach(view -> add(samples, view)));
    }

    /** Adds the samples of one webhook. */
    static void add(Samples samples, WebhookView view) {
        Samples its = samples.with("webhook", view.name());
        its.gauge("portproxy_webhook_waiting", "Events that wait to be sent", view.waiting());
        its.counter("portproxy_webhook_sent", "Events that a webhook has taken", view.sent());
        its.counter("portproxy_webhook_failed", "Attempts to send an event that have failed", view.failed());
        lost(its, "gave_up", view.gaveUp());
        lost(its, "queue_full", view.dropped());
    }

    private static void lost(Samples samples, String reason, long count) {
        samples.with("reason", reason).counter("portproxy_webhook_lost", "Events that a webhook did not get", count);
    }
}
