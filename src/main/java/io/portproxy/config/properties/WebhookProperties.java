package io.portproxy.config.properties;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.boot.context.properties.bind.Name;
import org.springframework.boot.convert.DurationUnit;

/**
 * A program that gets events by HTTP. Each event is one POST request with a CloudEvent as JSON.
 *
 * @param name The name of the webhook in the API, metrics and logs. Default: webhook-1, webhook-2 and so on. Range: 1 to 64 letters,
 *     digits, dots, dashes and underscores; once.
 * @param url Where events are sent. The URL may contain a secret, so it is never shown as a whole. Required. Range: a URL with http or
 *     https.
 * @param events The types of events that are sent. Default: remote-down, remote-up, certificate-failed. Range: the types that GET /api/v1/events has.
 * @param secret The secret that signs requests, so that the receiver can check who sent them. It is any text, or whsec_ and a key in
 *     Base64, which many libraries for Standard Webhooks expect. Default: none, and requests are not signed. Range: 16 to 256 characters.
 * @param patience How long a remote must be away before remote-down is sent. If the remote is back sooner, neither remote-down nor
 *     remote-up is sent. Default: 1m; a bare number means seconds. Range: 0s to 24h.
 * @param source The source that events name. If one receiver gets the events of several servers, it can tell them apart by this. Default:
 *     /portproxy. Range: a URI reference.
 * @param queue How many events may wait in the queue. Further events are dropped. Default: 1000. Range: 1 to 100000.
 * @param timeout How long the receiver may take for its complete answer. Default: 10s; a bare number means seconds. Range: 100ms to 24h.
 * @param retryInitial How long to wait after the first failed attempt. The wait doubles after each further one. Default: 1s; a bare number
 *     means seconds. Range: 100ms to 24h.
 * @param retryMax The longest wait between attempts. Default: 5m; a bare number means seconds. Range: retry-initial to 24h.
 * @param retryFor How long an event is retried before it is dropped. Default: 1h; a bare number means seconds. Range: 100ms to 24h.
 */
public record WebhookProperties(
        @Nullable String name,
        @Nullable Secret url,

        @DefaultValue({"remote-down", "remote-up", "certificate-failed"})
        List<String> events,

        @Nullable Secret secret,

        @Name("for") @DefaultValue("1m") @DurationUnit(ChronoUnit.SECONDS)
        Duration patience,

        @DefaultValue("/portproxy") String source,
        @DefaultValue("1000") int queue,

        @DefaultValue("10s") @DurationUnit(ChronoUnit.SECONDS)
        Duration timeout,

        @DefaultValue("1s") @DurationUnit(ChronoUnit.SECONDS)
        Duration retryInitial,

        @DefaultValue("5m") @DurationUnit(ChronoUnit.SECONDS)
        Duration retryMax,

        @DefaultValue("1h") @DurationUnit(ChronoUnit.SECONDS)
        Duration retryFor) {

    public WebhookProperties {
        events = List.copyOf(events);
    }
}
