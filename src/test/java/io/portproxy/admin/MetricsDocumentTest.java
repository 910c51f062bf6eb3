package io.portproxy.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.portproxy.config.Started;
import io.portproxy.metrics.CountedViews;
import io.portproxy.server.ProxyServer;
import io.portproxy.testing.PlainSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.context.ConfigurableApplicationContext;

/** Tests that the documented table of metrics matches what a process with both roles shows when every metric has a value. */
class MetricsDocumentTest {
    private static final Path DOCUMENT = Path.of("src/docs/operations.md");
    private static final Pattern ROW =
            Pattern.compile("^\\| (`portproxy_[^|]*) \\| (\\w+) \\| ([a-z, ]*?) ?\\| [^|]+ \\|$", Pattern.MULTILINE);
    private static final Pattern SPRINGS = Pattern.compile("`((?:process|jvm|http)_\\w+)");
    private static final Pattern TYPE = Pattern.compile("^# TYPE (portproxy_\\w+) (\\w+)$", Pattern.MULTILINE);

    @TempDir
    private static Path folder;

    private static ConfigurableApplicationContext both;
    private static String document;
    private static String scrape;

    @BeforeAll
    static void start() throws Exception {
        both = Started.withAdmin(
                folder,
                AdminClient.USERS + """
                portproxy:
                  workers: 2
                  acme:
                    terms-accepted: true
                    directory: https://127.0.0.1:1/directory
                    names: [proxy.example.com]
                    http-bind: 127.0.0.1:0
                    retry-initial: 1h
                  shutdown-grace: 0
                  server:
                    bind: 127.0.0.1:0
                    access: {deny: [127.0.0.1]}
                    gateways: [{name: web, bind: '127.0.0.1:0'}]
                    proxy: [{remote-name: home, port-list: [{bind: 0, remote: 1}]}]
                  client: {name: elsewhere, server: '127.0.0.1:1', reconnect: {initial: 1h, max: 1h}}
                """,
                "--spring.profiles.active=server,client",
                "--portproxy.data=" + folder.resolve("data"));
        document = Files.readString(DOCUMENT);
        refuseOneAtTheGateway(both.getBean(ProxyServer.class));
        AdminClient.BOB.get(both, "/api/v1/remotes");
        scrape = AdminClient.BOB.get(both, "/actuator/prometheus").body() + CountedViews.scrapeOfEverything();
    }

    /** Makes the gateway refuse one user. A reason appears in the metrics only after a refusal for it. */
    private static void refuseOneAtTheGateway(ProxyServer server) throws Exception {
        try (PlainSocket user = PlainSocket.connect(server.gatewayAddresses().get(0))) {
            user.awaitEnd();
        }
    }

    @AfterAll
    static void stop() {
        both.close();
    }

    private static Map<String, MatchResult> rows() {
        Map<String, MatchResult> rows = new TreeMap<>();
        ROW.matcher(document)
                .results()
                .forEach(row -> Pattern.compile("`(\\w+)`")
                        .matcher(row.group(1))
                        .results()
                        .forEach(name -> rows.put(name.group(1), row)));
        return rows;
    }

    private static Map<String, String> shown() {
        return TYPE.matcher(scrape)
                .results()
                .collect(Collectors.toMap(type -> type.group(1), type -> type.group(2), (one, same) -> one));
    }

    /** Returns the type as the table names it. The table calls a summary without quantiles a sum. */
    private static String inTable(String type) {
        return type.equals("summary") ? "sum" : type;
    }

    @Test
    void everyMetricIsDocumentedAndNoOther() {
        assertThat(rows().keySet()).isEqualTo(shown().keySet());
    }

    @Test
    void typesAreAsDocumented() {
        rows().forEach((name, row) ->
                assertThat(inTable(shown().get(name))).as(name).isEqualTo(row.group(2)));
    }

    @Test
    void tagsAreAsDocumented() {
        rows().forEach((name, row) -> {
            Matcher sample = Pattern.compile("^" + name + "(?:_bucket|_count|_sum)?(?:\\{(.*)\\})? ", Pattern.MULTILINE)
                    .matcher(scrape);
            assertThat(sample.find()).as(name).isTrue();
            List<String> tags = Stream.of((sample.group(1) == null ? "" : sample.group(1)).split("\"(?:,|$)"))
                    .map(tag -> tag.replaceAll("=.*", ""))
                    .filter(key -> !key.equals("le") && !key.isEmpty())
                    .toList();
            assertThat(tags)
                    .as(name)
                    .containsExactlyInAnyOrderElementsOf(Stream.of(row.group(3).split(", "))
                            .filter(key -> !key.isEmpty())
                            .toList());
        });
    }

    @Test
    void whatIsSaidOfSpringBootsExists() {
        assertThat(SPRINGS.matcher(document).results().map(name -> name.group(1)))
                .isNotEmpty()
                .allSatisfy(name -> assertThat(scrape).contains("# TYPE " + name));
    }

    @Test
    void metersAreInWordsAndUnits() {
        assertThat(Pattern.compile("^# HELP (portproxy_\\w+) *$", Pattern.MULTILINE)
                        .matcher(scrape)
                        .results())
                .isEmpty();
    }
}
