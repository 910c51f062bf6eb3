package io.portproxy.admin.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.portproxy.admin.AdminClient;
import io.portproxy.admin.AdminClient.Answer;
import io.portproxy.config.Started;
import io.portproxy.server.ProxyServer;
import io.portproxy.testing.PlainSocket;
import io.portproxy.usage.Amounts;
import io.portproxy.usage.Span;
import io.portproxy.usage.UsageKey;
import io.portproxy.usage.UsageRow;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.context.ConfigurableApplicationContext;

/** Tests usage in the API. The remote of the port is away, so the server refuses its users. */
class UsageApiTest {
    @TempDir
    private static Path folder;

    private static ConfigurableApplicationContext server;
    private static String port;

    private static ConfigurableApplicationContext start(Path where, String... more) throws Exception {
        return Started.withAdmin(
                where,
                AdminClient.USERS + """
                portproxy:
                  workers: 1
                  usage.interval: 100ms
                  server:
                    bind: 127.0.0.1:0
                    proxy: [{remote-name: home, port-list: [{bind: '127.0.0.1:0', remote: 1}]}]
                """,
                java.util.stream.Stream.concat(
                                java.util.stream.Stream.of("--spring.profiles.active=server"),
                                java.util.Arrays.stream(more))
                        .toArray(String[]::new));
    }

    @BeforeAll
    static void refuseOne() throws Exception {
        server = start(folder, "--portproxy.data=" + folder.resolve("data"));
        port = "127.0.0.1:" + refuseOneAt(server);
    }

    private static int refuseOneAt(ConfigurableApplicationContext context) throws Exception {
        var address = context.getBean(ProxyServer.class).exposedAddresses().get(0);
        try (PlainSocket user = PlainSocket.connect(address)) {
            user.awaitEnd();
        }
        return address.getPort();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static Answer get(String path) throws Exception {
        return AdminClient.BOB.get(server, path);
    }

    private static void awaitOne(String path) {
        await().until(() -> get(path).number("total") == 1);
    }

    @Test
    void isShownByHourDayAndMonth() throws Exception {
        for (Span span : Span.values()) {
            awaitOne("/api/v1/usage?by=" + span.key());
            Answer answer = get("/api/v1/usage?by=" + span.key());

            assertThat(answer.value("kept")).isEqualTo(true);
            Instant begins = Instant.parse(answer.text("items[0].begins"));
            assertThat(span.begin(begins)).isEqualTo(begins);
            assertThat(Instant.parse(answer.text("items[0].ends"))).isEqualTo(span.end(begins));
            assertThat(answer.text("items[0].remote")).isEqualTo("home");
            assertThat(answer.text("items[0].port")).isEqualTo(port);
            assertThat(answer.number("items[0].refused")).isEqualTo(1);
            assertThat(answer.number("items[0].connections")).isZero();
        }
    }

    @Test
    void isSummedUp() throws Exception {
        awaitOne("/api/v1/usage?per=remote");
        assertThat(get("/api/v1/usage?per=remote").value("items[0].port")).isNull();
        assertThat(get("/api/v1/usage?per=server").value("items[0].remote")).isNull();
        assertThat(get("/api/v1/usage?per=server").number("items[0].refused")).isEqualTo(1);
    }

    @Test
    void isOfOneRemoteOrPort() throws Exception {
        awaitOne("/api/v1/usage?remote=home&port=" + port.replaceAll(".*:", ""));
        assertThat(get("/api/v1/usage?port=" + port).number("total")).isEqualTo(1);
        assertThat(get("/api/v1/usage?port=1").number("total")).isZero();
        assertThat(get("/api/v1/usage?remote=away").number("total")).isZero();
        assertThat(get("/api/v1/usage?to=2026-01-31").number("total")).isZero();
        assertThat(get("/api/v1/usage?from=2020-01-31").number("total")).isEqualTo(1);
        assertThat(get("/api/v1/usage?page=1").number("items.length()")).isZero();
    }

    @Test
    void isGivenAsCsv() throws Exception {
        awaitOne("/api/v1/usage");
        Answer answer = get("/api/v1/usage.csv?by=hour");

        assertThat(answer.type()).isEqualTo("text/csv;charset=UTF-8");
        assertThat(answer.response().headers().firstValue("Content-Disposition"))
                .contains("attachment; filename=\"usage-by-hour.csv\"");
        assertThat(answer.body())
                .matches("begins,ends,remote,port,bytes_in,bytes_out,connections,refused\r\n"
                        + "[-0-9]{10}T[0-9]{2}:00:00Z,[-0-9]{10}T[0-9]{2}:00:00Z,home," + port + ",0,0,0,1\r\n");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            by=week | by | write one of hour, day, month
            per=user | per | write one of port, remote, server
            from=yesterday | from | write a time or a day in UTC, such as 2026-01-31T12:00:00Z or 2026-01-31
            to=2026-02-30 | to | write a time or a day in UTC
            from=%2B99999-01-01T00:00:00Z | from | write a time or a day in UTC
            from=2026-02-01&to=2026-01-01 | from | write a time that is earlier than to
            to=1969-12-31 | to | write a time
            remote= | remote | write which one
            port=%20 | port | write which one
            since=1 | since | there is no such parameter; those that exist are by, from
            """)
    void refusesWhatMeansNothing(String query, String parameter, String detail) throws Exception {
        for (String path : new String[] {"/api/v1/usage?", "/api/v1/usage.csv?"}) {
            Answer answer = get(path + query);

            assertThat(answer.status()).as(answer.body()).isEqualTo(400);
            assertThat(answer.type()).startsWith("application/problem+json");
            assertThat(answer.text("parameter")).isEqualTo(parameter);
            assertThat(answer.text("detail")).startsWith(detail);
        }
    }

    @ParameterizedTest
    @CsvSource({"page=-1,page", "size=0,size", "size=1001,size", "size=x,size"})
    void refusesPagesThatThereAreNot(String query, String parameter) throws Exception {
        assertThat(get("/api/v1/usage?" + query).text("parameter")).isEqualTo(parameter);
    }

    @Test
    void saysSoWhereItIsNotKept(@TempDir Path other) throws Exception {
        try (ConfigurableApplicationContext without = start(other, "--portproxy.store=none")) {
            refuseOneAt(without);
            await().until(() -> AdminClient.BOB.get(without, "/api/v1/usage").number("total") == 1);
            Answer answer = AdminClient.BOB.get(without, "/api/v1/usage");

            assertThat(answer.value("kept")).isEqualTo(false);
            assertThat(answer.number("items[0].refused")).isEqualTo(1);
            assertThat(AdminClient.BOB.get(without, "/api/v1/usage.csv").body().lines())
                    .hasSize(2);
        }
    }

    @Test
    void isFoundAgainAfterARestart(@TempDir Path other) throws Exception {
        String data = "--portproxy.data=" + other.resolve("data");
        try (ConfigurableApplicationContext first = start(other, data)) {
            refuseOneAt(first);
            await().until(() -> AdminClient.BOB.get(first, "/api/v1/usage").number("total") == 1);
        }
        try (ConfigurableApplicationContext second = start(other, data)) {
            refuseOneAt(second);
            await().until(() ->
                    AdminClient.BOB.get(second, "/api/v1/usage?per=remote").number("items[0].refused") == 2);
        }
    }

    @Test
    void noFieldOfCsvIsAFormula() {
        Map.of(
                        "=1+1", "'=1+1",
                        "-2", "'-2",
                        "a,b", "\"a,b\"",
                        "a\"b", "\"a\"\"b\"",
                        "@x,y", "\"'@x,y\"",
                        "", "")
                .forEach((value, field) -> assertThat(UsageCsv.text(value)).isEqualTo(field));
        assertThat(UsageCsv.line(
                        Span.MONTH,
                        new UsageRow(
                                Instant.parse("2026-12-01T00:00:00Z"),
                                new UsageKey("home", "[::]:80"),
                                new Amounts(1, 2, 3, 4))))
                .isEqualTo("2026-12-01T00:00:00Z,2027-01-01T00:00:00Z,home,[::]:80,1,2,3,4\r\n");
    }
}
