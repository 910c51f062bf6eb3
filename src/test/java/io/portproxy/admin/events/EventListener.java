package io.portproxy.admin.events;

import static org.assertj.core.api.Assertions.assertThat;

import com.jayway.jsonpath.JsonPath;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ConfigurableApplicationContext;

/** A program that listens to events. A thread of its own collects them. */
public final class EventListener implements AutoCloseable {
    /** The client of all listeners. It stays referenced: a garbage-collected client closes its connections without notice. */
    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    private final InputStream in;
    private final List<Received> received = new CopyOnWriteArrayList<>();
    private final AtomicInteger comments = new AtomicInteger();
    private volatile String end = "";

    /** One event. */
    public record Received(String id, String type, Map<String, Object> data) {
        @Nullable
        public Object get(String key) {
            return data.get(key);
        }
    }

    private EventListener(InputStream in) {
        this.in = in;
        Thread reader = new Thread(this::collect, "reader of events");
        reader.setDaemon(true);
        reader.start();
    }

    /** Starts to listen. Returns when the server has accepted the listener. */
    public static EventListener open(ConfigurableApplicationContext context, String query, String... headers)
            throws IOException, InterruptedException {
        HttpResponse<InputStream> response = answer(context, query, headers);
        if (response.statusCode() != 200) {
            throw new IOException("answered with " + response.statusCode());
        }
        return new EventListener(response.body());
    }

    private static HttpResponse<InputStream> answer(
            ConfigurableApplicationContext context, String query, String... headers)
            throws IOException, InterruptedException {
        String port = context.getEnvironment().getRequiredProperty("local.server.port");
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/api/v1/events" + query));
        if (headers.length > 0) {
            request.headers(headers);
        }
        if (!List.of(headers).contains("Cookie")) {
            byte[] bob = "bob:bob-secret".getBytes(StandardCharsets.UTF_8);
            request.header("Authorization", "Basic " + Base64.getEncoder().encodeToString(bob));
        }
        return CLIENT.send(request.build(), BodyHandlers.ofInputStream());
    }

    private void collect() {
        try (BufferedReader reader = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
            String id = "";
            String type = "";
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                if (line.startsWith("id: ")) {
                    id = line.substring(4);
                } else if (line.startsWith("event: ")) {
                    type = line.substring(7);
                } else if (line.startsWith("data: ")) {
                    received.add(new Received(id, type, JsonPath.read(line.substring(6), "$")));
                } else if (line.startsWith(":")) {
                    comments.incrementAndGet();
                }
            }
            end = "clean";
        } catch (IOException | RuntimeException e) {
            end = String.valueOf(e);
        }
    }

    /** Returns all events received so far. */
    public List<Received> received() {
        return received;
    }

    /** Returns the number of comments received so far. */
    public int comments() {
        return comments.get();
    }

    /** Returns how the stream ended: {@code clean} or an error; empty while it is open. */
    public String end() {
        return end;
    }

    /** Waits for an event that matches, and returns the first one. */
    public Received await(Predicate<Received> like) {
        Awaitility.await()
                .untilAsserted(() -> assertThat(received)
                        .as("events until now, whose stream's end is \"%s\"", end)
                        .anyMatch(like));
        return received.stream().filter(like).findFirst().orElseThrow();
    }

    /** Waits for an event of a type, and returns the first one. */
    public Received await(String type) {
        return await((Received event) -> event.type().equals(type));
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
