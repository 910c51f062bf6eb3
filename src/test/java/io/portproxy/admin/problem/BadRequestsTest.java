package io.portproxy.admin.problem;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import com.jayway.jsonpath.JsonPath;
import io.portproxy.admin.AdminClient;
import io.portproxy.config.Started;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import org.apache.catalina.connector.ClientAbortException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;

/** Tests input that the web server refuses before any filter: bad requests, and bytes that are not HTTP. */
class BadRequestsTest {
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

    private static String answer(String request) throws IOException {
        int port = server.getEnvironment().getRequiredProperty("local.server.port", Integer.class);
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write(request.getBytes(ISO_8859_1));
            return new String(socket.getInputStream().readAllBytes(), ISO_8859_1);
        }
    }

    private static void assertIsProblem(String answer, int status) {
        assertThat(answer)
                .startsWith("HTTP/1.1 " + status + " ")
                .containsIgnoringCase("\r\nContent-Type: application/problem+json")
                .contains(
                        "\r\nContent-Security-Policy: default-src 'self'; ", "\r\nX-Content-Type-Options: nosniff\r\n")
                .contains("\r\nX-Frame-Options: DENY\r\n", "\r\nReferrer-Policy: same-origin\r\n")
                .doesNotContain("<html", "Tomcat", "Server:", "Exception");
        String body = answer.substring(answer.indexOf("{\"detail\""), answer.lastIndexOf('}') + 1);
        assertThat(JsonPath.<Integer>read(body, "status")).isEqualTo(status);
        assertThat(JsonPath.<String>read(body, "type")).startsWith("/assets/problems.html#");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        GET | /%2e%2e/ | 400
        GET | /../x | 400
        GET | // | 400
        GET | //evil.example/x | 400
        GET | /%zz | 400
        GET | /a%00b | 400
        GET | /a%2fb | 400
        GET | /a%5cb | 400
        GET | /%ff | 400
        GET | /a[b] | 400
        GET | /a;b | 400
        TRACE | / | 405
        FOO | / | 400
        F(O | / | 400
        CONNECT | x:80 | 501
        GET | /nowhere | 401
        DELETE | /assets/base.css | 401
        """)
    void answersABadRequestLineWithAProblem(String method, String target, int status) throws IOException {
        assertIsProblem(answer(method + " " + target + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"), status);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        X y: z | 400
        Host: y | 400
        Content-Length: many | 400
        Transfer-Encoding: foo | 501
        Expect: foo | 417
        """)
    void answersABadHeaderWithAProblem(String header, int status) throws IOException {
        assertIsProblem(answer("POST / HTTP/1.1\r\nHost: x\r\n" + header + "\r\nConnection: close\r\n\r\n"), status);
    }

    @Test
    void addsNothingToAnAnswerThatHasBegun() {
        MockHttpServletResponse begun = new MockHttpServletResponse();
        begun.setContentType("text/event-stream");
        begun.setCommitted(true);

        assertThat(server.getBean(ProblemPage.class).error(new MockHttpServletRequest(), begun))
                .isNull();
        assertThat(server.getBean(ProblemAdvice.class).bug(new ClientAbortException()))
                .isNull();
    }

    @Test
    void answersWhatIsTooLongOrNoHttpWithAProblem() throws IOException {
        String host = " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n";
        assertIsProblem(answer("GET /" + "a".repeat(20_000) + host + "\r\n"), 400);
        assertIsProblem(answer("GET /" + host + "X: " + "a".repeat(20_000) + "\r\n\r\n"), 400);
        assertIsProblem(answer("GET / HTTP/9.9\r\nHost: x\r\n\r\n"), 505);
        assertIsProblem(answer("GET / HTTP/1.1\r\n\r\n"), 400);
        assertIsProblem(answer("\u0016\u0003\u0001 hello\r\n\r\n"), 400);
    }
}
