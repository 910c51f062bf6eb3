package io.portproxy.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.portproxy.testing.Programs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests nginx behind an http and a tcp port, with curl and wrk in front of them. */
@ParameterizedClass
@EnumSource
class NginxIT {
    private static final int FILE_MEBIBYTES = 32;

    @RegisterExtension
    static final Children children = Children.ofClass();

    @TempDir
    static Path folder;

    private static Path curl;
    private static int nginxPort;
    private static int httpPort;
    private static int tcpPort;
    private static String fileHash;
    private static TwoProcesses.Running portProxy;

    @Parameter
    Way way;

    @BeforeAll
    static void start() throws Exception {
        curl = Programs.require(NginxIT.class, "curl");
        Path nginx = Programs.require(NginxIT.class, "nginx");
        nginxPort = FreePorts.find();
        fileHash =
                TestFiles.random(Files.createDirectories(folder.resolve("www")).resolve("file"), FILE_MEBIBYTES);
        Path configuration = Files.writeString(folder.resolve("nginx.conf"), configuration());
        children.start(Children.command(nginx, "-p", folder, "-e", "stderr", "-c", configuration));
    }

    @BeforeParameterizedClassInvocation
    static void startPortProxy(Way way) throws Exception {
        TwoProcesses processes = new TwoProcesses(children, folder, way);
        httpPort = processes.expose("http", nginxPort);
        tcpPort = processes.expose("tcp", nginxPort);
        portProxy = processes.start();
    }

    @AfterParameterizedClassInvocation
    static void endPortProxy() throws InterruptedException {
        portProxy.end();
    }

    /** Returns a configuration with one process. That process can read the test's folder as the user who runs the test, and one pid ends it. */
    private static String configuration() {
        return """
                daemon off;
                master_process off;
                pid nginx.pid;
                error_log stderr;
                events { worker_connections 512; }
                http {
                  access_log off;
                  client_body_temp_path body;
                  proxy_temp_path proxy;
                  fastcgi_temp_path fastcgi;
                  uwsgi_temp_path uwsgi;
                  scgi_temp_path scgi;
                  default_type application/octet-stream;
                  sendfile on;
                  server {
                    listen 127.0.0.1:%d backlog=512;
                    root www;
                    client_max_body_size 0;
                    location /seen {
                      return 200 "Host $http_host; For $http_x_forwarded_for; Host $http_x_forwarded_host; Proto $http_x_forwarded_proto; connection $connection, request $connection_requests\\n";
                    }
                    location /upload/ {
                      dav_methods PUT;
                      create_full_put_path on;
                    }
                    location /small/ {
                      dav_methods PUT;
                      client_max_body_size 1m;
                    }
                  }
                }
                """.formatted(nginxPort);
    }

    @AfterEach
    void nothingWentWrong() {
        portProxy.assertNothingWentWrong();
    }

    private static String url(int port, String path) {
        return "http://127.0.0.1:" + port + path;
    }

    private static int exposed(String type) {
        return type.equals("http") ? httpPort : tcpPort;
    }

    private static String curl(Object... arguments) throws Exception {
        List<String> command = Children.command(curl, "--silent", "--show-error", "--fail");
        Arrays.stream(arguments).map(String::valueOf).forEach(command::add);
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().put("no_proxy", "*");
        return children.run(builder);
    }

    @ParameterizedTest
    @ValueSource(strings = {"http", "tcp"})
    void downloadsALargeFile(String type) throws Exception {
        Path downloaded = folder.resolve("downloaded");

        curl("--output", downloaded, url(exposed(type), "/file"));

        assertThat(TestFiles.hash(downloaded)).isEqualTo(fileHash);
    }

    @ParameterizedTest
    @ValueSource(strings = {"http", "tcp"})
    void uploadsALargeFile(String type) throws Exception {
        curl("--upload-file", folder.resolve("www/file"), url(exposed(type), "/upload/" + type));

        assertThat(TestFiles.hash(folder.resolve("www/upload").resolve(type))).isEqualTo(fileHash);
    }

    @Test
    void uploadsInChunks() throws Exception {
        curl(
                "--header",
                "Transfer-Encoding: chunked",
                "--upload-file",
                folder.resolve("www/file"),
                url(httpPort, "/upload/chunked"));

        assertThat(TestFiles.hash(folder.resolve("www/upload/chunked"))).isEqualTo(fileHash);
    }

    @ParameterizedTest
    @ValueSource(strings = {"http", "tcp"})
    void anAnswerComesThroughBeforeTheUploadIsComplete(String type) throws Exception {
        String status = children.run(
                curl,
                "--silent",
                "--noproxy",
                "*",
                "--output",
                folder.resolve("answer"),
                "--write-out",
                "%{http_code}",
                "--header",
                "Expect:",
                "--upload-file",
                folder.resolve("www/file"),
                url(exposed(type), "/small/file"));

        assertThat(status).isEqualTo("413");
    }

    @Test
    void rewritesEachRequestOfAKeptConnection() throws Exception {
        String url = url(httpPort, "/seen");

        String seen = curl("--write-out", "%{num_connects} new\n", "--header", "X-Forwarded-For: 1.2.3.4", url, url);

        String first = "Host 127.0.0.1:" + httpPort + "; For 127.0.0.1; Host 127.0.0.1:" + httpPort + "; Proto http;";
        Matcher requests = Pattern.compile(Pattern.quote(first) + " connection (\\d+), request 1\n1 new\n"
                        + Pattern.quote(first) + " connection \\1, request 2\n0 new\n")
                .matcher(seen);
        assertThat(requests.matches()).as(seen).isTrue();
    }

    @Test
    void leavesRequestsThroughATcpPortAlone() throws Exception {
        String url = url(tcpPort, "/seen");

        String seen = curl("--write-out", "%{num_connects} new\n", url, url);

        assertThat(seen.lines())
                .hasSize(4)
                .filteredOn(line -> line.startsWith("Host "))
                .hasSize(2)
                .allMatch(line -> line.startsWith("Host 127.0.0.1:" + tcpPort + "; For ; Host ; Proto ; "));
        assertThat(seen).endsWith(", request 2\n0 new\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"http", "tcp"})
    void servesManyConnectionsWithoutAnError(String type) throws Exception {
        Path wrk = Programs.require(NginxIT.class, "wrk");
        long openBefore = openFiles();

        String report = children.run(
                wrk,
                "--connections",
                50,
                "--threads",
                2,
                "--duration",
                "3s",
                "--timeout",
                "30s",
                url(exposed(type), "/seen"));

        assertThat(report).doesNotContain("Socket errors", "Non-2xx");
        Matcher requests = Pattern.compile("(\\d+) requests in ").matcher(report);
        assertThat(requests.find()).as(report).isTrue();
        assertThat(Integer.parseInt(requests.group(1))).as("requests").isPositive();
        // A JVM sometimes opens a file of its own.
        await().untilAsserted(() -> assertThat(openFiles()).as("open files").isLessThan(openBefore + 10));
    }

    /** Returns the number of open files of both processes. */
    private static long openFiles() throws IOException {
        return portProxy.server().openFiles() + portProxy.client().openFiles();
    }
}
