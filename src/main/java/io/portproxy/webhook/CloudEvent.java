package io.portproxy.webhook;

import io.portproxy.tunnel.telemetry.Event;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.json.JsonMapper;

/**
 * An event as JSON in the form of CloudEvents 1.0, structured mode (CloudEvents JSON Event Format 1.0.2).
 *
 * @param id the id of the event, the same in each attempt
 * @param json the whole event
 */
record CloudEvent(String id, String json) {
    static final String CONTENT_TYPE = "application/cloudevents+json; charset=utf-8";

    private static final String TYPES = "io.portproxy.";
    private static final JsonMapper JSON = JsonMapper.shared();

    /** @param source the process that the event comes from, as a URI reference */
    static CloudEvent of(String source, Event event) {
        Map<String, Object> data = new LinkedHashMap<>();
        data.put("role", event.whose().server() ? "server" : "client");
        put(data, "remote", event.whose().remote());
        put(data, "address", event.subject().address());
        put(data, "port", event.subject().port());
        put(data, "identity", event.subject().identityText());
        put(data, "user", event.subject().user());
        put(data, "target", event.subject().target());
        put(data, "reason", event.why().reason());
        put(data, "bytesIn", event.amounts().bytesIn());
        put(data, "bytesOut", event.amounts().bytesOut());
        put(
                data,
                "lastedMillis",
                event.amounts().lastedNanos() < 0
                        ? -1
                        : TimeUnit.NANOSECONDS.toMillis(event.amounts().lastedNanos()));
        put(data, "message", event.why().message());
        return of(
                source,
                event.type().key(),
                Instant.ofEpochMilli(event.atMillis()),
                event.whose().remote(),
                data);
    }

    /** Returns a test event, with which an operator can check whether events arrive. */
    static CloudEvent test(String source, String webhook) {
        return of(source, "test", Instant.now(), "", Map.of("message", "a test of webhook " + webhook));
    }

    private static CloudEvent of(String source, String type, Instant at, String subject, Map<String, Object> data) {
        String id = UUID.randomUUID().toString();
        Map<String, Object> envelope = new LinkedHashMap<>();
        envelope.put("specversion", "1.0");
        envelope.put("id", id);
        envelope.put("source", source);
        envelope.put("type", TYPES + type);
        envelope.put("time", at.toString());
        put(envelope, "subject", subject);
        envelope.put("datacontenttype", "application/json");
        envelope.put("data", data);
        return new CloudEvent(id, JSON.writeValueAsString(envelope));
    }

    /** Returns the body of the request, in UTF-8 (RFC 8259, section 8.1). */
    byte[] body() {
        return json.getBytes(StandardCharsets.UTF_8);
    }

    private static void put(Map<String, Object> to, String name, String text) {
        if (!text.isEmpty()) {
            to.put(name, text);
        }
    }

    private static void put(Map<String, Object> to, String name, long number) {
        if (number >= 0) {
            to.put(name, number);
        }
    }
}
