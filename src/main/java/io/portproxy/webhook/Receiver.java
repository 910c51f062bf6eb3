package io.portproxy.webhook;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Sends one event to the receiver by HTTP. Makes one attempt. Any thread; blocks. */
final class Receiver {
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);

    private final WebhookSettings settings;
    private final HttpClient client;

    /**
     * The result of an attempt.
     *
     * @param status the status of the answer; 0 if there was none
     * @param trouble why the attempt failed; empty if it succeeded
     */
    record Attempt(int status, String trouble) {
        boolean taken() {
            return trouble.isEmpty();
        }

        /** Returns whether a retry is useless, because the receiver says that the request is wrong (RFC 9110, section 15.5). */
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

    /**
     * Sends an event. The whole answer must arrive within the timeout. The timeout of {@link HttpRequest} is not enough for that, because
     * it ends when the head of the answer arrives (JDK-8208693).
     */
    Attempt send(CloudEvent event) throws InterruptedException {
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
        CompletableFuture<HttpResponse<Void>> answer =
                client.sendAsync(request.build(), HttpResponse.BodyHandlers.discarding());
        try {
            int status = answer.get(settings.timeout().toNanos(), TimeUnit.NANOSECONDS)
                    .statusCode();
            return new Attempt(status, status / 100 == 2 ? "" : "it answered " + status);
        } catch (TimeoutException e) {
            return new Attempt(
                    0,
                    "its answer was not complete within " + settings.timeout().toMillis() + " ms");
        } catch (ExecutionException e) {
            return new Attempt(0, text(e.getCause() instanceof IOException cause ? cause : e));
        } finally {
            answer.cancel(true); // has no effect if the answer is complete; otherwise ends the request
        }
    }

    private String text(Exception e) {
        String why = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
        return why.replace(settings.url().toString(), settings.place());
    }
}
