package io.portproxy.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** An operator that changes remotes of its own at random and records what became of each change. For one thread at a time. */
final class ChangingOperator {
    private static final int REMOTES = 5;
    private static final String DESCRIPTION = "description";
    private static final List<String> PORTS = List.of("a", "b", "c");

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final String prefix;
    private final RandomGenerator random;

    /** The acknowledged state: for each remote, its description and the targets of its ports. */
    private final Map<String, Map<String, String>> remotes = new TreeMap<>();

    private final AtomicLong count = new AtomicLong();
    private int admin;
    private @Nullable Unanswered unanswered;

    /** A change without an answer: nobody knows whether the server made it. */
    private record Unanswered(String remote, @Nullable Map<String, String> wanted) {}

    ChangingOperator(int number, RandomGenerator random) {
        this.prefix = "operator" + number + "-";
        this.random = random;
    }

    /** @param port the port of the admin API */
    void useServerAt(int port) {
        admin = port;
    }

    /** Returns the number of acknowledged changes. Any thread. */
    long count() {
        return count.get();
    }

    /** Makes that many changes, each of which must succeed. */
    void change(int times) {
        for (int i = 0; i < times; i++) {
            assertThat(changeOne()).isTrue();
        }
    }

    void changeUntilTheServerIsGone() {
        while (changeOne()) {
            // The loop makes the next change.
        }
    }

    private boolean changeOne() {
        String remote = prefix + random.nextInt(REMOTES);
        Map<String, String> there = remotes.get(remote);
        if (there == null) {
            Map<String, String> wanted = new TreeMap<>(Map.of(DESCRIPTION, text()));
            PORTS.stream().filter(port -> random.nextBoolean()).forEach(port -> wanted.put(port, target()));
            return send("POST", "", remote, body(remote, wanted), 201, wanted);
        }
        Map<String, String> wanted = new TreeMap<>(there);
        String port = PORTS.get(random.nextInt(PORTS.size()));
        String path = "/" + remote + "/ports/" + port;
        return switch (random.nextInt(5)) {
            case 0 -> send("DELETE", "/" + remote, remote, "", 200, null);
            case 1 -> {
                wanted.put(DESCRIPTION, text());
                yield send(
                        "PATCH",
                        "/" + remote,
                        remote,
                        "{\"description\": \"" + wanted.get(DESCRIPTION) + "\"}",
                        200,
                        wanted);
            }
            case 2 -> {
                wanted.keySet().retainAll(List.of(DESCRIPTION));
                wanted.put(port, target());
                yield send("PUT", "/" + remote, remote, body(remote, wanted), 200, wanted);
            }
            default -> {
                if (wanted.remove(port) != null) {
                    yield send("DELETE", path, remote, "", 200, wanted);
                }
                wanted.put(port, target());
                yield send("POST", "/" + remote + "/ports", remote, port(port, wanted.get(port)), 201, wanted);
            }
        };
    }

    private String text() {
        return "text " + random.nextInt(1000);
    }

    private String target() {
        return String.valueOf(1 + random.nextInt(65535));
    }

    private static String body(String remote, Map<String, String> wanted) {
        List<String> ports = PORTS.stream()
                .filter(wanted::containsKey)
                .map(port -> port(port, Objects.requireNonNull(wanted.get(port))))
                .toList();
        return "{\"name\": \"" + remote + "\", \"description\": \"" + wanted.get(DESCRIPTION) + "\", \"ports\": ["
                + String.join(", ", ports) + "]}";
    }

    private static String port(String name, @Nullable String target) {
        return "{\"name\": \"" + name + "\", \"bind\": \"127.0.0.1:0\", \"remote\": \"" + target + "\"}";
    }

    /** Sends a change. Returns false if the server is gone. */
    private boolean send(
            String method, String path, String remote, String body, int status, @Nullable Map<String, String> wanted) {
        try {
            HttpResponse<String> answer = http.send(
                    request(admin, "/api/v1/remotes" + path)
                            .header("If-Match", "*")
                            .header(
                                    "Content-Type",
                                    method.equals("PATCH") ? "application/merge-patch+json" : "application/json")
                            .method(method, BodyPublishers.ofString(body))
                            .build(),
                    BodyHandlers.ofString());
            assertThat(answer.statusCode())
                    .as(method + " " + path + ": " + answer.body())
                    .isEqualTo(status);
        } catch (IOException e) {
            unanswered = new Unanswered(remote, wanted);
            return false;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        make(remote, wanted);
        count.incrementAndGet();
        return true;
    }

    private void make(String remote, @Nullable Map<String, String> wanted) {
        if (wanted == null) {
            remotes.remove(remote);
        } else {
            remotes.put(remote, wanted);
        }
    }

    /**
     * Returns the state that the server must have.
     *
     * @param there the state that it has, which shows whether it made a change that got no answer
     */
    Map<String, Map<String, String>> acknowledged(Map<String, Map<String, String>> there) {
        if (unanswered != null && Objects.equals(there.get(unanswered.remote()), unanswered.wanted())) {
            make(unanswered.remote(), unanswered.wanted());
        }
        unanswered = null;
        return remotes;
    }

    /** Returns all remotes that a server keeps. */
    static Map<String, Map<String, String>> read(int admin) throws IOException, InterruptedException {
        HttpResponse<String> answer = HttpClient.newHttpClient()
                .send(request(admin, "/api/v1/config/desired").build(), BodyHandlers.ofString());
        assertThat(answer.statusCode()).isEqualTo(200);
        Map<String, Map<String, String>> remotes = new TreeMap<>();
        for (JsonNode remote : JsonMapper.shared().readTree(answer.body()).get("remotes")) {
            Map<String, String> read = new TreeMap<>();
            read.put(DESCRIPTION, remote.get(DESCRIPTION).asString());
            remote.get("ports")
                    .forEach(port -> read.put(
                            port.get("name").asString(), port.get("remote").asString()));
            remotes.put(remote.get("name").asString(), read);
        }
        return remotes;
    }

    private static HttpRequest.Builder request(int admin, String path) {
        String alice = Base64.getEncoder().encodeToString("alice:alice-secret".getBytes(StandardCharsets.US_ASCII));
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + admin + path))
                .header("Authorization", "Basic " + alice);
    }
}
