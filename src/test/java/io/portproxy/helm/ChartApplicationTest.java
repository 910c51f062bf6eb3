package io.portproxy.helm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.openshift.api.model.monitoring.v1.PrometheusRule;
import io.portproxy.admin.AdminClient;
import io.portproxy.client.ProxyClient;
import io.portproxy.config.Started;
import io.portproxy.metrics.CountedViews;
import io.portproxy.server.ProxyServer;
import io.portproxy.testing.PemFiles;
import io.portproxy.testing.RawTarget;
import io.portproxy.testing.TestCertificates;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.diagnostics.FailureAnalyzedException;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;

/** Tests the real application with the files and settings that the chart renders for it. */
@ExtendWith(OutputCaptureExtension.class)
class ChartApplicationTest {
    private static final String TLS = "tls: {enabled: true, existingSecret: pem, admin: true}\n";
    private static final String MONITORED = """
            serviceMonitor: {enabled: true}
            prometheusRule: {enabled: true}
            grafanaDashboard: {enabled: true}
            """;
    private static final Map<String, String> KNOWN = Map.of("home-token", "a-token-of-enough-letters");

    @TempDir
    private Path folder;

    private PodUnderTest pod(Manifests chart) throws IOException {
        return new PodUnderTest(chart, folder)
                .replace("proxy\\.example\\.net:9015", "127.0.0.1:" + RawTarget.refusingPort())
                .secret("known", KNOWN)
                .secret("pem", pem(TestCertificates.SERVER));
    }

    private Map<String, String> pem(String own) throws IOException {
        Path made = Files.createDirectories(folder.resolve("made"));
        PemFiles.write(made, own, own, TestCertificates.CA);
        return Map.of(
                "tls.crt", Files.readString(made.resolve(own + ".crt")),
                "tls.key", Files.readString(made.resolve(own + ".key")),
                "ca.crt", Files.readString(made.resolve(own + ".ca")));
    }

    private static PodSpec deployed(Manifests chart) {
        return chart.only(Deployment.class).getSpec().getTemplate().getSpec();
    }

    private static HttpResponse<String> get(ConfigurableApplicationContext context, String path, String credentials)
            throws Exception {
        boolean tls = context.getEnvironment().containsProperty("server.ssl.bundle");
        String address = (tls ? "https" : "http") + "://localhost:"
                + context.getEnvironment().getRequiredProperty("local.server.port") + path;
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(address));
        if (!credentials.isEmpty()) {
            String encoded = Base64.getEncoder().encodeToString(credentials.getBytes(StandardCharsets.UTF_8));
            request.header("Authorization", "Basic " + encoded);
        }
        return HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .sslContext(TestCertificates.context("", TestCertificates.CA))
                .build()
                .send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                TLS + MONITORED + "tokens: {keys: {home: [new, old]}}\nserver: {onDuplicate: balance}\n",
                "tokens: {enabled: false}\nconfig: {portproxy: {workers: 1, server: {idle-timeout: 1m}}}\n"
            })
    void aServerStarts(String more) throws Exception {
        Manifests chart = Chart.render(Chart.SERVER + more);
        PodUnderTest pod = pod(chart);
        try (ConfigurableApplicationContext context = pod.start(deployed(chart))) {
            assertThat(context.getBean(ProxyServer.class).exposedAddresses()).hasSize(3);
            for (String probe : new String[] {"liveness", "readiness"}) {
                assertThat(get(context, "/actuator/health/" + probe, "").statusCode())
                        .isEqualTo(200);
            }
            assertThat(get(context, "/api/v1/remotes", "").statusCode()).isEqualTo(401);
            String password = pod.value("r-portproxy-admin", "admin-password");
            assertThat(get(context, "/api/v1/remotes", "admin:" + password).body())
                    .contains("home", "desk", "helm-test");
        }
    }

    @Test
    void aServerHasGatewaysAndHosts() throws Exception {
        Manifests chart = Chart.render(Chart.GATEWAYS + TLS);
        PodUnderTest pod =
                pod(chart).secret("sites", pem(TestCertificates.SITES)).secret("shop", pem(TestCertificates.OTHER));
        try (ConfigurableApplicationContext context = pod.start(deployed(chart))) {
            ProxyServer server = context.getBean(ProxyServer.class);
            assertThat(server.gateways()).extracting(gateway -> gateway.name()).containsExactly("web", "tls");
            assertThat(redirect(server.gatewayAddresses().get(0).getPort())).contains("https://a.example/x");
            assertThat(server.remote("desk").orElseThrow().ports())
                    .extracting(port -> port.bind())
                    .containsExactly("*.dev.example/x (tls)", "mail.example (tls)");
        }
    }

    @Test
    void aServerHasTheSettingsOfItsPortsHostsAndRemotes() throws Exception {
        Manifests chart = Chart.render(Chart.SETTINGS);
        int range = freeDatagramPorts();
        PodUnderTest pod = pod(chart).replace("0.0.0.0:30000-30002", "127.0.0.1:" + range + "-" + (range + 2));
        String admin = "admin:" + pod.value("r-portproxy-admin", "admin-password");
        try (ConfigurableApplicationContext context = pod.start(deployed(chart))) {
            String home = get(context, "/api/v1/remotes/home", admin).body();
            assertThat(home).contains("at home", "192.0.2.0/24", "127.0.0.0/8", "X-Frame-Options", "unix:/run/a.sock");
            String desk = get(context, "/api/v1/remotes/desk", admin).body();
            assertThat(desk).contains("100GB", "1000000", "unix:/run/psql/.s.PGSQL.5432", "sip:5000-5002");
            assertThat(get(context, "/api/v1/remotes/spare", admin).body()).contains("{name}.dev.example");

            ProxyServer server = context.getBean(ProxyServer.class);
            int web = server.exposedAddresses().get(0).getPort();
            assertThat(answer(web, "192.0.2.1")).startsWith("HTTP/1.1 401").contains("WWW-Authenticate: Basic");
            assertThatThrownBy(() -> answer(web, "192.0.2.7")).as("denied").isInstanceOf(SocketException.class);
        }
    }

    /** Returns the answer to a user of a load balancer. The user's address is the one in the header of the PROXY protocol. */
    private static String answer(int port, String user) throws Exception {
        try (Socket balancer = new Socket(InetAddress.getLoopbackAddress(), port)) {
            String sent = "PROXY TCP4 " + user + " 192.0.2.100 4711 80\r\nGET / HTTP/1.0\r\nHost: a.example\r\n\r\n";
            balancer.getOutputStream().write(sent.getBytes(StandardCharsets.UTF_8));
            return new String(balancer.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /** Returns the first of three consecutive free UDP ports. */
    private static int freeDatagramPorts() throws IOException {
        for (int attempt = 1; ; attempt++) {
            try (DatagramSocket first = new DatagramSocket(0, InetAddress.getLoopbackAddress());
                    DatagramSocket second =
                            new DatagramSocket(first.getLocalPort() + 1, InetAddress.getLoopbackAddress());
                    DatagramSocket third =
                            new DatagramSocket(second.getLocalPort() + 1, InetAddress.getLoopbackAddress())) {
                return third.getLocalPort() - 2;
            } catch (IOException | IllegalArgumentException e) { // a port is taken, or above 65535
                if (attempt == 100) {
                    throw e;
                }
            }
        }
    }

    /** The chart passes settings on. Only the application knows which settings exist. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {limits: {connection: 5}}      | limits.connection
            {acceptProxyProtocol: [alb]}    | alb
            {replyLimit: 5}                | reply-limit
            """)
    void aWrongSettingStopsTheStart(String settings, String said) throws Exception {
        Manifests chart =
                Chart.render(Chart.SERVER.replace("target: 'db.internal:5432'", "target: 1, settings: " + settings));
        PodUnderTest pod = pod(chart);

        Throwable thrown = catchThrowable(() -> pod.start(deployed(chart)).close());

        assertThat(Started.analysis(thrown).getDescription()).contains(said);
    }

    private static String redirect(int port) throws Exception {
        try (Socket user = new Socket(InetAddress.getLoopbackAddress(), port)) {
            user.getOutputStream().write("GET /x HTTP/1.0\r\nHost: a.example\r\n\r\n".getBytes(StandardCharsets.UTF_8));
            return new String(user.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Test
    void aServerKeepsRemotesOnItsVolume() throws Exception {
        Manifests chart = Chart.render(Chart.SERVER + "store: {type: file, claim: {size: 2Gi}}\n");
        PodUnderTest pod = pod(chart);
        String admin = "admin:" + pod.value("r-portproxy-admin", "admin-password");
        try (ConfigurableApplicationContext first = pod.start(deployed(chart))) {
            assertThat(new AdminClient(admin)
                            .sendJson(first, "POST", "/api/v1/remotes", "{\"name\": \"attic\"}")
                            .status())
                    .isEqualTo(201);
        }
        try (ConfigurableApplicationContext second = pod.start(deployed(chart))) {
            assertThat(get(second, "/api/v1/remotes/attic", admin).statusCode()).isEqualTo(200);
        }
        PersistentVolumeClaim claim = chart.only(PersistentVolumeClaim.class);
        assertThat(claim.getSpec().getResources().getRequests().get("storage")).hasToString("2Gi");
        assertThat(claim.getMetadata().getAnnotations()).containsEntry("helm.sh/resource-policy", "keep");
    }

    @Test
    void withoutAStoreAChangeSaysHowToGetOne() throws Exception {
        Manifests chart = Chart.render(Chart.SERVER);
        PodUnderTest pod = pod(chart);
        String admin = "admin:" + pod.value("r-portproxy-admin", "admin-password");
        try (ConfigurableApplicationContext context = pod.start(deployed(chart))) {
            AdminClient.Answer answer =
                    new AdminClient(admin).sendJson(context, "POST", "/api/v1/remotes", "{\"name\": \"attic\"}");
            assertThat(answer.status()).isEqualTo(409);
            assertThat(answer.text("$.detail")).contains("portproxy.store");
        }
        assertThat(chart.all(PersistentVolumeClaim.class)).isEmpty();
    }

    @Test
    void aServerAsksTheDatabaseOfItsSecret() throws Exception {
        int port = RawTarget.refusingPort();
        Manifests chart = Chart.render(Chart.SERVER + """
            store:
              type: database
              database: {url: 'jdbc:postgresql://127.0.0.1:%d/portproxy', existingSecret: db, passwordKey: pw}
            """.formatted(port));
        PodUnderTest pod = pod(chart).secret("db", Map.of("username", "portproxy", "pw", "a-good-password"));

        Throwable thrown = catchThrowable(() -> pod.start(deployed(chart)).close());

        assertThat(Started.analysis(thrown).getDescription())
                .contains("spring.datasource.url", "127.0.0.1:" + port)
                .doesNotContain("a-good-password");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                TLS + MONITORED,
                "tls: {enabled: true, ca: false}\ntest: {echoPort: 17210}\n",
                "tls: {enabled: true, existingSecret: pem, clientAuth: need}\nreplicaCount: 2\n"
            })
    void aClientStarts(String more) throws Exception {
        Manifests chart = Chart.render(Chart.CLIENT + more);
        PodUnderTest pod = pod(chart).replace("echo-port: 17210", "echo-port: " + RawTarget.refusingPort());
        try (ConfigurableApplicationContext context = pod.start(deployed(chart))) {
            assertThat(context.getBean(ProxyClient.class).view().name()).isEqualTo("home");
            assertThat(get(context, "/actuator/health/liveness", "").statusCode())
                    .isEqualTo(200);
            assertThat(get(context, "/actuator/health/readiness", "").statusCode())
                    .as("without a tunnel")
                    .isEqualTo(503);
        }
    }

    @Test
    void aRenewedCertificateIsUsedWithoutARestart(CapturedOutput output) throws Exception {
        Manifests chart = Chart.render(Chart.SERVER + TLS);
        PodUnderTest pod = pod(chart);
        try (ConfigurableApplicationContext context =
                pod.start(deployed(chart), "--spring.ssl.bundle.watch.file.quiet-period=50ms")) {
            assertThat(get(context, "/actuator/health/liveness", "").statusCode())
                    .isEqualTo(200);
            pod.swap(folder.resolve("etc/portproxy/tls"), pem(TestCertificates.SERVER_2));
            await().untilAsserted(() -> assertThat(output).contains("SSL bundle tunnel was reloaded, its certificate"));
        }
    }

    /** A renamed metric must be renamed in the dashboard and in the alerts, too. */
    @Test
    void dashboardAndAlertsNameMetricsThatThereAre() throws Exception {
        Set<String> exposed = metrics(CountedViews.scrapeOfEverything()); // a metric without any event is not shown
        Set<String> named = new TreeSet<>();
        for (String values : new String[] {Chart.SERVER, Chart.CLIENT}) {
            Manifests chart = Chart.render(values + MONITORED);
            PodUnderTest pod = pod(chart);
            try (ConfigurableApplicationContext context = pod.start(deployed(chart))) {
                String scraper = pod.value("r-portproxy-admin", "prometheus-username") + ":"
                        + pod.value("r-portproxy-admin", "prometheus-password");
                HttpResponse<String> scrape = get(context, "/actuator/prometheus", scraper);
                assertThat(scrape.statusCode()).isEqualTo(200);
                exposed.addAll(metrics(scrape.body()));
            }
            named.addAll(
                    metrics(chart.named(ConfigMap.class, "-dashboard").getData().get("portproxy.json")));
            chart.only(PrometheusRule.class)
                    .getSpec()
                    .getGroups()
                    .get(0)
                    .getRules()
                    .forEach(rule -> named.addAll(metrics(rule.getExpr().getStrVal())));
        }
        assertThat(named).hasSizeGreaterThan(10);
        assertThat(exposed).containsAll(named);
    }

    private static Set<String> metrics(String text) {
        Set<String> names = new TreeSet<>();
        Matcher matcher = Pattern.compile("\\bportproxy_[a-z_]+").matcher(text);
        while (matcher.find()) {
            names.add(matcher.group());
        }
        return names;
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "tls: {enabled: true, existingSecret: pem}\n", "replicaCount: 2\n"})
    void theTestSendsBytesThroughATunnel(String more, CapturedOutput output) throws Exception {
        Manifests chart = Chart.render(Chart.SERVER + more);
        PodUnderTest pod = pod(chart);
        String echo = String.valueOf(RawTarget.refusingPort());
        pod.replace("17210", echo);
        try (ConfigurableApplicationContext server = pod.start(deployed(chart))) {
            ProxyServer running = server.getBean(ProxyServer.class);
            pod.replace(
                    "r-portproxy-tunnel(-pods)?:9015",
                    "localhost:" + running.tunnelAddress().getPort());
            pod.replace(
                    "r-portproxy-test:16999",
                    "127.0.0.1:" + running.exposedAddresses().get(2).getPort());
            PodSpec test = chart.only(Pod.class).getSpec();
            try (ConfigurableApplicationContext trial = pod.start(test)) {
                assertThat(trial.isActive()).as("it ends by itself").isFalse();
            }
            assertThat(output).contains("1048576 bytes went through 127.0.0.1:");
        }
    }

    @Test
    void theTestFailsWithoutATunnel() throws Exception {
        Manifests chart = Chart.render(Chart.SERVER);
        int port = RawTarget.refusingPort();
        PodUnderTest pod = pod(chart)
                .replace("17210", String.valueOf(RawTarget.refusingPort()))
                .replace("r-portproxy-(tunnel|test):[0-9]+", "127.0.0.1:" + port);
        PodSpec test = chart.only(Pod.class).getSpec();
        Throwable thrown = catchThrowable(
                () -> pod.start(test, "--portproxy.trial.within=100ms").close());
        assertThat(thrown).isInstanceOf(FailureAnalyzedException.class);
        assertThat(((FailureAnalyzedException) thrown).analysis().getDescription())
                .contains("The trial failed: 127.0.0.1:" + port);
    }
}
