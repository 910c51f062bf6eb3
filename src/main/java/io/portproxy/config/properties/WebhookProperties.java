package io.portproxy.config.properties;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.boot.context.properties.bind.Name;
import org.springframework.boot.convert.DurationUnit;

/**
 * A program that is told by HTTP what happens here. Each event is one POST of a CloudEvent as JSON.
 *
 * @param name Its name in the API, metrics and logs. Default: webhook-1, webhook-2 and so on. Range: 1 to 64 letters,
 *     digits, dots, dashes and underscores; once.
 * @param url Where events are sent. It may contain a secret, so it is never shown as a whole. Required. Range: a URL
 *     with http or https.
 * @param events The types of events that are sent. Default: remote-down, remote-up, certificate-failed. Range: the types that GET /api/v1/events has.
 * @param secret What requests are signed with, so that the receiver knows who sends them: as many of the Standard Webhooks
 *     libraries want it, whsec_ and Base64, or any text. Default: none, and requests are not signed. Range: 16 to 256 characters.
 * @param patience How long a remote must be away until that is sent. A remote that is back sooner is not mentioned at all. Default: 1m; a bare number means seconds.
 *     Range: 0s to 24h.
 * @param source The source that events name, for receivers of several servers' events. Default: /portproxy. Range: a
 *     URI reference.
 * @param queue How many events may be queued; further ones are dropped. Default: 1000. Range: 1 to 100000.
 * @param timeout How long the receiver may take to answer. Default: 10s; a bare number means seconds. Range: 100ms to 24h.
 * @param retryInitial How long to wait after the first failed attempt; doubled after each further one. Default: 1s; a
 *     bare number means seconds. Range: 100ms to 24h.
 * @param retryMax How long to wait at most. Default: 5m; a bare number means seconds. Range: retry-initial to 24h.
 * @param retryFor For how long an event is retried before it is dropped. Default: 1h; a bare number means seconds.
 *     Range: 100ms to 24h.
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
