package io.portproxy.admin.api;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.portproxy.admin.AdminClient;
import io.portproxy.config.Started;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;

/** Tests that wrong input is answered with a 4xx problem, and never causes a stack trace in the log. */
@ExtendWith(OutputCaptureExtension.class)
class CallersMistakesTest {
    private static final List<String> PATHS = List.of(
            "/api/v1/remotes",
            "/api/v1/remotes/home",
            "/api/v1/ports/1",
            "/api/v1/connections",
            "/api/v1/connections/1",
            "/api/v1/events?recent=-1",
            "/api/v1/throughput",
            "/api/v1/config",
            "/api/v1/me",
            "/actuator/remotes",
            "/actuator/loggers/io.portproxy",
            "/actuator/health/liveness",
            "/actuator/prometheus",
            "/v3/api-docs",
            "/assets/base.css",
            "/login",
            "/logout",
            "/error",
            "/nowhere",
            "/");

    @TempDir
    private static Path folder;

    private static ConfigurableApplicationContext server;

    @BeforeAll
    static void start() {
        server = Started.server(folder, AdminClient.USERS);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    /** Sends a request as an admin, whose requests pass more checks than those of others, and returns the answer. */
    private static String answer(String line, String headers, String body) throws IOException {
        int port = server.getEnvironment().getRequiredProperty("local.server.port", Integer.class);
        String alice = Base64.getEncoder().encodeToString("alice:alice-secret".getBytes(ISO_8859_1));
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(
                    60_000); // the first request for the API description generates it: slow on a busy machine
            String head = line + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n" + headers
                    + (headers.contains("Authorization") ? "" : "Authorization: Basic " + alice + "\r\n")
                    + (body.isEmpty() ? "" : "Content-Length: " + body.length() + "\r\n");
            socket.getOutputStream().write((head + "\r\n" + body).getBytes(ISO_8859_1));
            return new String(socket.getInputStream().readAllBytes(), ISO_8859_1);
        }
    }

    private static void assertIsNoBug(String line, String answer) {
        assertThat(answer).as(line).matches("(?s)HTTP/1.1 ([234].*|501 .*)");
        if (answer.startsWith("HTTP/1.1 4") && !line.startsWith("HEAD")) {
            assertThat(answer.toLowerCase(Locale.ROOT)).as(line).contains("content-type: application/problem+json");
        }
    }

    /** After each test and not after each request, because it reads the whole log. */
    @AfterEach
    void noBugIsLogged(CapturedOutput output) {
        assertThat(output.getAll().lines().filter(CallersMistakesTest::isOfARequest))
                .noneMatch(logged -> logged.matches(".*(a bug|ERROR|WARN|Exception|\\tat ).*"));
    }

    /** Returns whether a thread of the web server wrote the line, or it belongs to a stack trace. The start logs warnings of its own. */
    private static boolean isOfARequest(String logged) {
        return logged.contains("[http-nio") || !logged.matches("\\d\\d:.*");
    }

    @ParameterizedTest
    @ValueSource(strings = {"x=%ff", "x=%", "x=%zz", "%ff=1", "x=%E0%A4", "page=9999999999", "after=-1"})
    void inAQuery(String query) throws Exception {
        for (String path : PATHS) {
            String line = "GET " + path + (path.contains("?") ? "&" : "?") + query;
            assertIsNoBug(line, answer(line, "", ""));
        }
        String answer = answer("GET /api/v1/connections?" + query, "", "");
        assertThat(answer).startsWith("HTTP/1.1 400 ");
    }

    @Test
    void inAQueryOfSomebodyWithoutALogin() throws Exception {
        for (String path : PATHS) {
            String answer = answer("GET " + path.replaceFirst("\\?.*", "") + "?x=%ff", "Authorization:\r\n", "");
            assertThat(answer).startsWith("HTTP/1.1 400 ").contains("percent-encoded");
            assertIsNoBug(path, answer);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Accept: foo",
                "Accept: text/",
                "Accept: a/b/c",
                "Accept: */*;q=2",
                "Accept: \u00ff",
                "Accept: ,,,",
                "Accept: text/event-stream",
                "Accept: application/json;charset=nope",
                "Last-Event-ID: x",
                "Last-Event-ID: \u00ff",
                "Last-Event-ID: 99999999999999999999",
                "Range: bytes=9-1",
                "Range: bytes=99999999-",
                "Range: x",
                "If-None-Match: x\"",
                "If-Modified-Since: never",
                "Accept-Language: *;q=x",
                "Accept-Encoding: \u00ff",
                "Cookie: =;;;=\u00ff",
                "Origin: :::",
                "Sec-Fetch-Site: \u00ff",
                "X-HTTP-Method-Override: FOO",
                "Upgrade: websocket",
                "Authorization: Basic !!!",
                "Authorization: Basic eA==",
                "Authorization: Bearer \u00ff",
                "Authorization: Digest x",
                "Content-Type: foo",
                "Access-Control-Request-Method: FOO"
            })
    void inAHeader(String header) throws Exception {
        for (String path : PATHS) {
            for (String method : List.of("GET", "DELETE", "OPTIONS")) {
                String line = method + " " + path.replace("home", "nobody");
                assertIsNoBug(line, answer(line, header + "\r\n", ""));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "application/x-www-form-urlencoded",
                "application/x-www-form-urlencoded; charset=nope",
                "application/json",
                "multipart/form-data",
                "multipart/form-data; boundary=x",
                "text/plain; charset=nope",
                "foo",
                ";;"
            })
    void inABody(String type) throws Exception {
        for (String path : PATHS) {
            for (String method : List.of("POST", "PUT", "PATCH", "DELETE", "GET")) {
                for (String body : List.of("a=%ff&b=%zz", "{\"x", "--x\r\ngarbage")) {
                    String line = method + " " + path.replace("home", "nobody");
                    assertIsNoBug(line, answer(line, "Content-Type: " + type + "\r\n", body));
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"FOO", "PATCH", "PUT", "POST", "HEAD", "OPTIONS", "TRACE", "get", "PROPFIND", "QUERY"})
    void inAMethod(String method) throws Exception {
        for (String path : PATHS) {
            String line = method + " " + path.replaceFirst("\\?.*", "");
            assertIsNoBug(line, answer(line, "", ""));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "%ff",
                "%F0",
                "%E2%80%AE",
                "%",
                "%00",
                "%0A",
                "%2e%2e",
                "..",
                "{x}",
                "%7Bx%7D",
                "a%22b",
                "a+b",
                "%25"
            })
    void inAPath(String part) throws Exception {
        for (String path : List.of("remotes/", "ports/", "connections/")) {
            String line = "GET /api/v1/" + path + part;
            assertIsNoBug(line, answer(line, "", ""));
        }
    }
}
