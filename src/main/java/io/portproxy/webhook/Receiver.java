package io.portproxy.webhook;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

/** Sends one event to its receiver by HTTP, once. Any thread; blocks. */
final class Receiver {
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);

    private final WebhookSettings settings;
    private final HttpClient client;

    /**
     * What came of an attempt.
     *
     * @param status the answer's; 0 if there was none
     * @param trouble why it failed; empty if it did not
     */
    record Outcome(int status, String trouble) {
        boolean taken() {
            return trouble.isEmpty();
        }

        /** Whether the receiver will not take it later, either: it says that the request is wrong. RFC 9110, section 15.5. */
        boolean isFinal() {
            return status >= 400 && status < 500 && status != 408 && status != 425 && status != 429;
        }
    }

    Receiver(WebhookSettings settings) {
        this.settings = settings;
        this.client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(
                        settings.timeout().compareTo(CONNECT_TIMEOUT) < 0 ? settings.timeout() : CONNECT_TIMEOUT)
                .build();
    }

    Outcome send(CloudEvent event) throws InterruptedException {
        byte[] body = event.body();
        long seconds = System.currentTimeMillis() / 1000;
        HttpRequest.Builder request = HttpRequest.newBuilder(settings.url())
                .timeout(settings.timeout())
                .header("Content-Type", CloudEvent.CONTENT_TYPE)
                .header("User-Agent", "PortProxy")
                .header("webhook-id", event.id())
                .header("webhook-timestamp", Long.toString(seconds))
                .POST(HttpRequest.BodyPublishers.ofByteArray(body));
        settings.signature()
                .of(event.id(), seconds, body)
                .ifPresent(signature -> request.header("webhook-signature", signature));
        try {
            int status = client.send(request.build(), HttpResponse.BodyHandlers.discarding())
                    .statusCode();
            return new Outcome(status, status / 100 == 2 ? "" : "it answered " + status);
        } catch (IOException e) {
            String why = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
            return new Outcome(0, why.replace(settings.url().toString(), settings.place()));
        }
    }
}
