package io.portproxy.admin;

import com.jayway.jsonpath.JsonPath;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ConfigurableApplicationContext;

/** A program of an operator: a client of the admin API with its own credentials. */
public final class AdminClient {
    public static final String USERS = """
        portproxy.admin.login-delay: 0
        portproxy.admin.users:
          - {name: alice, password: '{noop}alice-secret', role: admin}
          - {name: bob, password: '{bcrypt}$2a$04$tAmLVd0xnuzHEtFmswAKWuvfmMGEo688WDb2xnz4sITM/GKVnCEdK'}
        """;
    public static final AdminClient NOBODY = new AdminClient("");
    public static final AdminClient ALICE = new AdminClient("alice:alice-secret");
    public static final AdminClient BOB = new AdminClient("bob:bob-secret");

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final String credentials;

    public AdminClient(String credentials) {
        this.credentials = credentials;
    }

    /** The answer to a request. */
    public record Answer(int status, String type, String body, HttpResponse<String> response) {
        public @Nullable Object value(String path) {
            return JsonPath.read(body, path);
        }

        public String text(String path) {
            return JsonPath.read(body, path);
        }

        public int number(String path) {
            return JsonPath.read(body, path);
        }

        public List<String> texts(String path) {
            return JsonPath.read(body, path);
        }

        public Set<String> keys(String path) {
            return JsonPath.<Map<String, Object>>read(body, path).keySet();
        }
    }

    public Answer get(ConfigurableApplicationContext context, String path) throws IOException, InterruptedException {
        return send(context, "GET", path);
    }

    public Answer delete(ConfigurableApplicationContext context, String path, String... headers)
            throws IOException, InterruptedException {
        return send(context, "DELETE", path, headers);
    }

    public Answer send(ConfigurableApplicationContext context, String method, String path, String... headers)
            throws IOException, InterruptedException {
        return send(context, method, path, BodyPublishers.noBody(), headers);
    }

    /** Sends a request with a JSON body. */
    public Answer sendJson(
            ConfigurableApplicationContext context, String method, String path, String json, String... headers)
            throws IOException, InterruptedException {
        List<String> all = new ArrayList<>(List.of(headers));
        all.addAll(List.of("Content-Type", "application/json"));
        return send(context, method, path, BodyPublishers.ofString(json), all.toArray(String[]::new));
    }

    private Answer send(
            ConfigurableApplicationContext context,
            String method,
            String path,
            HttpRequest.BodyPublisher body,
            String... headers)
            throws IOException, InterruptedException {
        String port = context.getEnvironment().getRequiredProperty("local.server.port");
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .method(method, body);
        if (!credentials.isEmpty()) {
            byte[] bytes = credentials.getBytes(StandardCharsets.UTF_8);
            request.header("Authorization", "Basic " + Base64.getEncoder().encodeToString(bytes));
        }
        if (headers.length > 0) {
            request.headers(headers);
        }
        HttpResponse<String> response = http.send(request.build(), BodyHandlers.ofString());
        String type = response.headers().firstValue("Content-Type").orElse("");
        return new Answer(response.statusCode(), type, response.body(), response);
    }
}
