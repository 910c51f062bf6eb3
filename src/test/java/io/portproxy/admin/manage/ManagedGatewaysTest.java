package io.portproxy.admin.manage;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.portproxy.admin.AdminClient;
import io.portproxy.admin.AdminClient.Answer;
import io.portproxy.admin.SharedServer;
import io.portproxy.admin.events.EventListener;
import io.portproxy.config.Started;
import io.portproxy.manage.StoreChange;
import io.portproxy.net.Sockets;
import io.portproxy.server.ProxyServer;
import io.portproxy.server.exposed.gateway.GatewayView;
import io.portproxy.testing.MemoryStore;
import io.portproxy.testing.PemFiles;
import io.portproxy.testing.PlainSocket;
import io.portproxy.testing.TestCertificates;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;

/** Tests how the REST API adds, changes and removes gateways while the server runs, and how the store keeps them. */
@ExtendWith(OutputCaptureExtension.class)
class ManagedGatewaysTest {
    private static final String GATEWAYS = "/api/v1/gateways";
    private static final String DESIRED = "/api/v1/config/desired";
    private static final String FILED = "{name: web, bind: \"127.0.0.1:0\"}";

    @RegisterExtension
    static final SharedServer SHARED = new SharedServer(folder -> configuration(folder, FILED, "shutdown-grace: 0s"));

    @TempDir
    private Path folder;

    private final MemoryStore store = SHARED.store();
    private final List<AutoCloseable> open = new ArrayList<>();
    private ConfigurableApplicationContext server = SHARED.context();

    /**
     * @param gateways the gateways of the file, as YAML
     * @param more a further property of the file, as YAML
     */
    private static String configuration(Path folder, String gateways, String more) throws IOException {
        return PemFiles.bundle(folder, "sites", TestCertificates.SITES, "")
                + PemFiles.bundle(folder, "other", TestCertificates.OTHER, "")
                + """
            portproxy:
              workers: 1
              store: none
              data: '%s'
              %s
              server:
                bind: 127.0.0.1:0
                gateways: [%s]
                proxy: [{remote-name: filed, port-list: [{name: p, bind: 0, remote: 1}]}]
            """.formatted(folder.resolve("data"), more, gateways);
    }

    /** Starts another server with a store. The test goes on with it. */
    private void start(MemoryStore kept, String yaml) {
        closeAnother();
        server = Started.withAdmin(folder, AdminClient.USERS + yaml, kept, "--spring.profiles.active=server");
    }

    private void start(MemoryStore kept) throws IOException {
        start(kept, configuration(folder, FILED, "shutdown-grace: 0s"));
    }

    private void closeAnother() {
        if (server != SHARED.context()) {
            server.close();
        }
    }

    /** Removes the file's gateway until the end of the test. */
    private void removeFiledGateway() throws Exception {
        Files.writeString(SHARED.file(), Files.readString(SHARED.file()).replace(FILED, ""));
        done(send("POST", "/api/v1/config/reload", ""));
        assertThat(names()).isEmpty();
    }

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable each : open) {
            each.close();
        }
        closeAnother();
    }

    private Answer send(String method, String path, String body, String... headers) throws Exception {
        return AdminClient.ALICE.sendJson(server, method, path, body, headers);
    }

    private Answer put(String name, String body) throws Exception {
        return send("PUT", GATEWAYS + "/" + name, body);
    }

    private Answer change(String method, String path, String body) throws Exception {
        return send(method, path, body, "If-Match", "*");
    }

    private Answer done(Answer answer) {
        assertThat(answer.status()).as(answer.body()).isBetween(200, 201);
        return answer;
    }

    private void assertRefused(Answer answer, int status, String... parts) {
        assertThat(answer.status()).as(answer.body()).isEqualTo(status);
        assertThat(answer.body()).contains(parts);
    }

    private Answer get(String path) throws Exception {
        return AdminClient.ALICE.get(server, path);
    }

    private ProxyServer role() {
        return server.getBean(ProxyServer.class);
    }

    private List<String> names() {
        return role().gateways().stream().map(GatewayView::name).toList();
    }

    private InetSocketAddress address(String name) {
        return role().gatewayAddresses().get(names().indexOf(name));
    }

    private static String tag(Answer answer) {
        return answer.response().headers().firstValue("ETag").orElseThrow();
    }

    private PlainSocket user(String gateway) throws IOException {
        PlainSocket user = PlainSocket.connect(address(gateway));
        open.add(user);
        return user;
    }

    private Certificate shown(String gateway) throws IOException {
        SSLContext trusting = TestCertificates.context("", TestCertificates.CA);
        InetSocketAddress at = address(gateway);
        try (SSLSocket socket = (SSLSocket) trusting.getSocketFactory().createSocket(at.getAddress(), at.getPort())) {
            socket.startHandshake();
            return socket.getSession().getPeerCertificates()[0];
        }
    }

    @Test
    void aGatewayIsAddedShownChangedAndRemoved(CapturedOutput output) throws Exception {
        try (EventListener events = EventListener.open(server, "")) {
            addShowChangeAndRemove(output);
            for (String type : List.of("gateway-added", "gateway-changed", "gateway-removed")) {
                assertThat(events.await(type).data()).containsEntry("message", "gateway more");
            }
        }
    }

    private void addShowChangeAndRemove(CapturedOutput output) throws Exception {
        Answer added = done(put("more", "{\"bind\": \"127.0.0.1:0\"}"));

        assertThat(added.status()).isEqualTo(201);
        assertThat(added.response().headers().firstValue("Location")).hasValue(GATEWAYS + "/more");
        assertThat(added.texts("added[*].gateway")).containsExactly("more");
        assertThat(names()).containsExactly("web", "more");
        PlainSocket user = user("more");
        user.send("GET / HT".getBytes(ISO_8859_1));
        await().until(() -> get(GATEWAYS + "/more").number("pending") == 1);
        Answer shown = get(GATEWAYS + "/more");
        assertThat(shown.text("origin")).isEqualTo("store");
        assertThat(shown.text("bind")).isEqualTo("127.0.0.1:0");
        assertThat(shown.text("address")).isEqualTo(Sockets.text(address("more")));
        assertThat(tag(shown)).isEqualTo(tag(added));
        assertThat(get(GATEWAYS).texts("$[*].origin")).containsExactly("file", "store");

        InetSocketAddress before = address("more");
        String body = "{\"bind\": \"127.0.0.1:0\", \"maxPending\": 7}";
        Answer changed = done(send("PUT", GATEWAYS + "/more", body, "If-Match", tag(shown)));

        assertThat(changed.status()).isEqualTo(200);
        assertThat(changed.texts("changed[*].gateway")).containsExactly("more");
        assertThat(address("more")).isEqualTo(before);
        user.send("TP/1.1\r\nHost: app.example.com\r\n\r\n".getBytes(ISO_8859_1));
        await().until(() -> new String(user.received(), ISO_8859_1).startsWith("HTTP/1.1 404 "));
        assertThat(get(GATEWAYS + "/more").number("maxPending")).isEqualTo(7);
        assertThat(done(change(
                                "PUT",
                                GATEWAYS + "/more",
                                get(GATEWAYS + "/more").body()))
                        .texts("changed[*].gateway"))
                .isEmpty();
        assertThat(send("PUT", GATEWAYS + "/more", body, "If-Match", tag(shown)).status())
                .isEqualTo(412);
        assertThat(put("more", body).status()).isEqualTo(428);
        assertThat(send("PUT", GATEWAYS + "/more", body, "If-None-Match", "*").status())
                .isEqualTo(412);

        Answer removed = done(send("DELETE", GATEWAYS + "/more", "", "If-Match", tag(changed)));

        assertThat(removed.texts("removed[*].gateway")).containsExactly("more");
        assertThat(names()).containsExactly("web");
        assertThat(get(GATEWAYS + "/more").status()).isEqualTo(404);
        assertThat(change("DELETE", GATEWAYS + "/more", "").status()).isEqualTo(404);
        assertThat(send("PUT", GATEWAYS + "/more", body, "If-Match", tag(changed))
                        .status())
                .isEqualTo(412);
        await().untilAsserted(() -> assertThat(output)
                .contains(
                        "gateway more was added: bind: 127.0.0.1:0; request-timeout: 10s; max-pending: 10000; max-request-head: 32KB",
                        "gateway more was changed: max-pending: 7, was 10000",
                        "gateway more was removed: bind: 127.0.0.1:0; request-timeout: 10s; max-pending: 7;"));
    }

    @Test
    void aGatewayWithTlsShowsTheBundleThatItNames() throws Exception {
        done(put("tls", "{\"bind\": \"127.0.0.1:0\", \"ssl\": {\"bundle\": \"sites\"}}"));

        assertThat(shown("tls")).isEqualTo(TestCertificates.certificate(TestCertificates.SITES));
        InetSocketAddress before = address("tls");

        done(change(
                "PUT",
                GATEWAYS + "/tls",
                "{\"bind\": \"127.0.0.1:0\", \"ssl\": {\"bundles\": [\"other\", \"sites\"]}}"));

        assertThat(address("tls")).isEqualTo(before);
        assertThat(shown("tls")).isEqualTo(TestCertificates.certificate(TestCertificates.OTHER));
        assertThat(get(GATEWAYS + "/tls").texts("ssl.bundles[*]")).containsExactly("other", "sites");
    }

    @Test
    void aGatewayIsKeptOverARestart(CapturedOutput output) throws Exception {
        done(put("tls", "{\"bind\": \"127.0.0.1:0\", \"ssl\": {\"bundle\": \"sites\"}, \"publicPort\": 443}"));
        done(put("a-redirect", "{\"bind\": \"127.0.0.1:0\", \"redirectToHttps\": true}"));
        String before = get("/api/v1/config/export").body();

        start(store);

        assertThat(names()).containsExactly("web", "a-redirect", "tls");
        assertThat(get("/api/v1/config/export").body()).isEqualTo(before);
        assertThat(shown("tls")).isEqualTo(TestCertificates.certificate(TestCertificates.SITES));

        start(store, configuration(folder, FILED + ", {name: tls, bind: \"127.0.0.1:0\"}", "shutdown-grace: 0s"));

        assertThat(names()).containsExactly("web", "tls", "a-redirect");
        assertThat(get(GATEWAYS + "/tls").text("origin")).isEqualTo("file");
        assertThat(output)
                .contains(
                        "a gateway of the store is not open: /tls/name tls is the same as the name of another gateway");

        start(store);

        assertThat(names()).containsExactly("web", "a-redirect", "tls");
    }

    @Test
    void aGatewayWhoseAddressIsTakenAtTheStartIsKeptBackAndTriedAgain(CapturedOutput output) throws Exception {
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        done(put("more", "{\"bind\": \"127.0.0.1:" + port + "\"}"));
        done(send("POST", "/api/v1/remotes", """
                {"name": "home", "ports": [{"name": "p", "bind": "127.0.0.1:0", "remote": 1}],
                 "hosts": [{"host": "app.example.com", "gateways": ["more"], "remote": 1}]}"""));
        MemoryStore kept = store.copy();
        done(change("PUT", DESIRED, "{\"gateways\": [], \"remotes\": []}"));
        try (ServerSocket taker = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            start(kept);

            assertThat(names()).containsExactly("web");
            assertThat(output).contains("a gateway of the store is not open: /more/bind", "is in use");
            assertThat(get("/api/v1/remotes/home").texts("problems")).isEmpty();
            assertThat(role().remote("home").orElseThrow().ports().get(0).listening())
                    .isTrue();
            done(put("other", "{\"bind\": \"127.0.0.1:0\"}"));
            assertThat(names()).containsExactly("web", "other");
            assertThat(taker.isBound()).isTrue();
        }

        await().untilAsserted(() -> assertThat(names()).containsExactly("web", "more", "other"));
    }

    @Test
    void aGatewayOfAFileIsChangedThere() throws Exception {
        String body = "{\"bind\": \"127.0.0.1:0\"}";

        for (Answer refused : List.of(
                put("web", body),
                change("PUT", GATEWAYS + "/web", body),
                change("DELETE", GATEWAYS + "/web", ""),
                change("PUT", DESIRED, "{\"remotes\": [], \"gateways\": [{\"name\": \"web\", \"bind\": 0}]}"))) {
            assertRefused(refused, 409, "gateway web is declared in", "test.yml", "change it there");
        }
        assertThat(get(GATEWAYS + "/web").text("file")).contains("test.yml");
    }

    /** Each line: a gateway, the pointer to its mistake, and a part of the message. */
    private static final String WRONG = """
            {} | /bind | is missing
            {"bind": "nowhere:0:0"} | /bind |
            {"bind": true} | /bind | is no address
            {"bind": 0, "name": "b"} | /name | a name cannot be changed
            {"bind": 0, "publicPort": 70000} | /publicPort | out of range
            {"bind": 0, "publicPort": "80"} | /publicPort | is no whole number
            {"bind": 0, "maxPending": 0} | /maxPending | out of range
            {"bind": 0, "maxPending": 1.5} | /maxPending | is no whole number
            {"bind": 0, "requestTimeout": "soon"} | /requestTimeout | is not a length of time
            {"bind": 0, "requestTimeout": "1ms"} | /requestTimeout | out of range
            {"bind": 0, "maxRequestHead": "long"} | /maxRequestHead | is not a size
            {"bind": 0, "maxRequestHead": "5MB"} | /maxRequestHead | out of range
            {"bind": 0, "redirectToHttps": true} | /redirectToHttps | no gateway has ssl
            {"bind": 0, "redirectToHttps": "yes"} | /redirectToHttps | neither true nor false
            {"bind": 0, "ssl": {"bundle": "none"}} | /ssl/bundle | those that exist are
            {"bind": 0, "ssl": {"bundles": ["sites", "none"]}} | /ssl/bundles/1 | those that exist are
            {"bind": 0, "ssl": {"bundle": "sites", "bundles": ["other"]}} | /ssl/bundles | is set together with bundle
            {"bind": 0, "ssl": {"acme": true}} | /ssl/acme | has not started with
            {"bind": 0, "ssl": {"certificate": "x"}} | /ssl/certificate | does not exist
            {"bind": 0, "ssl": "sites"} | /ssl | is no object
            {"bind": 0, "tunnel": "tunnel.example.com"} | /tunnel | no effect without TLS
            {"bind": 0, "ssl": {"bundle": "sites"}, "tunnel": "a b"} | /tunnel |
            {"bind": 0, "public-port": 80} | /public-port | does not exist
            """;

    @Test
    void whatIsWrongIsToldWithWhereItIs() throws Exception {
        for (String row : WRONG.strip().split("\n", -1)) {
            List<String> parts =
                    Stream.of(row.split("[|]", -1)).map(String::strip).toList();
            Answer wrong = put("more", parts.get(0));
            assertRefused(wrong, 422, parts.get(2));
            assertThat(wrong.texts("errors[*].pointer")).as(row).containsExactly(parts.get(1));
        }
        assertThat(names()).containsExactly("web");
    }

    @Test
    void anAddressThatSomebodyHasIsRefusedWithWhose() throws Exception {
        InetSocketAddress web = address("web");
        String tunnel = Sockets.text(role().tunnelAddress());
        String port = Sockets.text(role().exposedAddresses().get(0));
        try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Answer busy = put("more", "{\"bind\": \"127.0.0.1:" + other.getLocalPort() + "\"}");
            assertRefused(busy, 409, "is in use");
            assertThat(busy.texts("errors[*].pointer")).containsExactly("/bind");
        }
        assertRefused(put("more", "{\"bind\": \"" + port + "\"}"), 409, "port of remote filed");
        assertRefused(put("more", "{\"bind\": \"" + Sockets.text(web) + "\"}"), 409, "gateway web");
        assertThat(put("more", "{\"bind\": \"" + tunnel + "\"}").status()).isEqualTo(409);
        assertRefused(put("a_b", "{\"bind\": 0}"), 422, "is no name of a gateway");
        assertThat(names()).containsExactly("web");
    }

    @Test
    void hostsKeepTheGatewaysThatTheyNeed() throws Exception {
        removeFiledGateway();
        assertRefused(
                send(
                        "POST",
                        "/api/v1/remotes",
                        "{\"name\": \"home\", \"hosts\": [{\"host\": \"app.example.com\", \"remote\": 1}]}"),
                422,
                "there is no gateway");
        done(put("one", "{\"bind\": \"127.0.0.1:0\"}"));
        done(put("tls", "{\"bind\": \"127.0.0.1:0\", \"ssl\": {\"bundle\": \"sites\"}}"));
        done(send("POST", "/api/v1/remotes", """
                {"name": "home", "hosts": [{"host": "app.example.com", "gateways": ["one"], "remote": 1},
                    {"host": "mail.example.com", "tls": "passthrough", "remote": 2}]}"""));

        assertRefused(
                change("DELETE", GATEWAYS + "/one", ""),
                409,
                "host app.example.com of remote home needs it (one is no gateway)");
        assertRefused(
                change("PUT", GATEWAYS + "/tls", "{\"bind\": \"127.0.0.1:0\"}"),
                409,
                "host mail.example.com of remote home needs it",
                "no gateway of this host has ssl");
        done(change("PUT", GATEWAYS + "/tls", """
                {"bind": "127.0.0.1:0", "ssl": {"bundle": "sites"}, "tunnel": "app.example.com"}"""));
        assertRefused(
                change("PATCH", "/api/v1/remotes/home/hosts/app.example.com", "{\"gateways\": []}"),
                422,
                "the name by which remotes ask for the tunnel port");
        done(change("PUT", GATEWAYS + "/tls", "{\"bind\": \"127.0.0.1:0\", \"ssl\": {\"bundle\": \"sites\"}}"));
        done(change("PATCH", "/api/v1/remotes/home/hosts/app.example.com", "{\"gateways\": []}"));
        assertRefused(change("PUT", GATEWAYS + "/tls", """
                        {"bind": "127.0.0.1:0", "ssl": {"bundle": "sites"}, "tunnel": "app.example.com"}"""), 422, "is host app.example.com of remote home");
        done(change("DELETE", GATEWAYS + "/one", ""));
        assertRefused(
                change("DELETE", GATEWAYS + "/tls", ""), 409, "host app.example.com of remote home", "no gateway");
        assertThat(names()).containsExactly("tls");
        done(change("PUT", DESIRED, "{\"gateways\": [], \"remotes\": []}"));
        assertThat(names()).isEmpty();
    }

    @Test
    void aGatewayThatOthersRedirectToIsNotTakenFromThem() throws Exception {
        done(put("tls", "{\"bind\": \"127.0.0.1:0\", \"ssl\": {\"bundle\": \"sites\"}}"));
        done(put("plain", "{\"bind\": \"127.0.0.1:0\", \"redirectToHttps\": true}"));

        assertRefused(
                change("DELETE", GATEWAYS + "/tls", ""),
                409,
                "gateway plain could not stay open: redirectToHttps true leads nowhere: no gateway has ssl");

        done(change("PUT", DESIRED, "{\"gateways\": [], \"remotes\": []}"));
    }

    @Test
    void aTryChangesNothingAndAnExportIsReadBack() throws Exception {
        String body = "{\"bind\": \"127.0.0.1:0\", \"ssl\": {\"bundle\": \"sites\"}, \"tunnel\": \"t.example.com\"}";
        assertThat(done(put("tls?dry-run=true", body)).texts("added[*].gateway"))
                .containsExactly("tls");
        assertThat(names()).containsExactly("web");
        done(put("tls", body));
        done(send("POST", "/api/v1/remotes", """
                {"name": "home", "hosts": [{"host": "app.example.com", "gateways": ["tls"], "remote": 1}]}"""));
        Answer export = get("/api/v1/config/export");
        String yaml = get("/api/v1/config/export.yml").body();

        assertThat(export.texts("gateways[*].name")).containsExactly("tls");
        assertThat(yaml).contains("gateways:", "name: tls", "bundle: sites", "tunnel: t.example.com");
        assertThat(done(change("DELETE", "/api/v1/remotes/home?dry-run=true", ""))
                        .value("dryRun"))
                .isEqualTo(true);
        done(change("DELETE", "/api/v1/remotes/home", ""));
        assertThat(done(change("DELETE", GATEWAYS + "/tls?dry-run=true", "")).texts("removed[*].gateway"))
                .containsExactly("tls");
        assertThat(names()).containsExactly("web", "tls");
        done(change("DELETE", GATEWAYS + "/tls", ""));

        Answer read = done(change("PUT", DESIRED, export.body()));

        assertThat(read.texts("added[*].gateway")).containsExactly("tls");
        assertThat(get("/api/v1/config/export").body()).isEqualTo(export.body());
        assertThat(tag(get(DESIRED))).isEqualTo(tag(read));
        done(change("PUT", DESIRED, "{\"remotes\": []}"));
        assertThat(names()).containsExactly("web", "tls");
        done(change("PUT", DESIRED, get(DESIRED).body()));
        done(change("PUT", DESIRED, "{\"gateways\": [], \"remotes\": []}"));
        assertThat(names()).containsExactly("web");
    }

    @Test
    void anExportedFileStartsAServer() throws Exception {
        done(put("tls", """
                {"bind": "127.0.0.1:0", "ssl": {"bundles": ["sites", "other"]}, "tunnel": "t.example.com", "publicPort": 443,
                 "requestTimeout": "7s", "maxPending": 7, "maxRequestHead": "7KB"}"""));
        done(put("plain", "{\"bind\": \"127.0.0.1:0\", \"redirectToHttps\": true}"));
        String before = get(DESIRED).body();
        Path exported = Started.write(
                folder, "exported.yml", get("/api/v1/config/export.yml").body());
        start(
                new MemoryStore(),
                PemFiles.bundle(folder, "sites", TestCertificates.SITES, "")
                        + PemFiles.bundle(folder, "other", TestCertificates.OTHER, "")
                        + "spring.config.import: " + exported.toUri() + "\n"
                        + "portproxy: {workers: 1, server: {bind: 127.0.0.1:0}}\n");

        assertThat(names()).containsExactly("plain", "tls");
        assertThat(get(GATEWAYS + "/tls").texts("ssl.bundles[*]")).containsExactly("sites", "other");
        assertThat(get(GATEWAYS + "/tls").text("maxRequestHead")).isEqualTo("7KB");
        assertThat(before).contains("\"maxRequestHead\":\"7KB\"", "\"requestTimeout\":\"7s\"");
        assertThat(get(GATEWAYS + "/tls").text("origin")).isEqualTo("file");
    }

    @Test
    void aDocumentsProblemsAreToldAllAtOnce() throws Exception {
        done(put("tls", "{\"bind\": \"127.0.0.1:0\", \"ssl\": {\"bundle\": \"sites\"}}"));
        done(send("POST", "/api/v1/remotes", """
                {"name": "home", "hosts": [{"host": "app.example.com", "gateways": ["tls"], "remote": 1}]}"""));

        Answer wrong = change("PUT", DESIRED, """
                {"gateways": [{"name": "tls", "bind": "127.0.0.1:0", "ssl": {"bundle": "none"}}, {"name": "b"}],
                 "remotes": [{"name": "other", "ports": [{"bind": 0}]}]}""");

        assertThat(wrong.texts("errors[*].pointer"))
                .containsExactlyInAnyOrder("/gateways/0/ssl/bundle", "/gateways/1/bind", "/remotes/0/ports/0/remote");
        String home = get("/api/v1/remotes/home").text("name");
        Answer unreached = change("PUT", DESIRED, """
                {"gateways": [], "remotes": [{"name": "%s",
                    "hosts": [{"host": "app.example.com", "gateways": ["tls"], "remote": 1}]}]}""".formatted(home));
        assertThat(unreached.texts("errors[*].pointer")).containsExactly("/remotes/0/hosts/0/gateways/0");
        Answer twice = change("PUT", DESIRED, """
                {"gateways": [{"name": "a", "bind": 0}, {"name": "a", "bind": 0}], "remotes": []}""");
        assertThat(twice.texts("errors[*].pointer")).containsExactly("/gateways/1/name");
        assertThat(names()).containsExactly("web", "tls");
    }

    @Test
    void aGatewayAndItsHostsComeInOneDocument() throws Exception {
        removeFiledGateway();

        Answer both = done(change("PUT", DESIRED, """
                {"gateways": [{"name": "one", "bind": "127.0.0.1:0"}],
                 "remotes": [{"name": "home", "hosts": [{"host": "app.example.com", "gateways": ["one"], "remote": 1}]}]}"""));

        assertThat(both.texts("added[*].kind")).containsExactly("gateway", "remote", "host");
        assertThat(get("/api/v1/remotes/home").texts("hosts[0].urls[*]"))
                .containsExactly("http://app.example.com:" + address("one").getPort() + "/");
        done(change("PUT", DESIRED, """
                {"gateways": [{"name": "two", "bind": "127.0.0.1:0"}],
                 "remotes": [{"name": "home", "hosts": [{"host": "app.example.com", "gateways": ["two"], "remote": 1}]}]}"""));
        assertThat(names()).containsExactly("two");
    }

    @Test
    void hostsOfAGatewayWithAcmeGetCertificates() throws Exception {
        start(
                new MemoryStore(),
                configuration(
                        folder,
                        FILED,
                        "acme: {terms-accepted: true, directory: 'https://127.0.0.1:1/directory', http-bind: '127.0.0.1:0'}"));
        done(send("POST", "/api/v1/remotes", """
                {"name": "home", "hosts": [{"host": "app.example.com", "remote": 1}]}"""));
        assertThat(get("/api/v1/certificates").texts("$[?(@.source == 'acme')].name"))
                .isEmpty();

        done(put("tls", "{\"bind\": \"127.0.0.1:0\", \"ssl\": {\"acme\": true}, \"tunnel\": \"t.example.com\"}"));

        await().untilAsserted(() -> assertThat(get("/api/v1/certificates").texts("$[?(@.source == 'acme')].name"))
                .containsExactlyInAnyOrder("app.example.com", "t.example.com"));
    }

    /** If the store cannot be reached, nothing changes, and no new address stays bound. */
    @Test
    void whatIsNotKeptIsNotDone() throws Exception {
        store.setAway(true);

        assertThat(put("more", "{\"bind\": \"127.0.0.1:0\"}").status()).isEqualTo(503);
        assertThat(put("more?dry-run=true", "{\"bind\": \"127.0.0.1:0\"}").status())
                .isEqualTo(503);

        assertThat(names()).containsExactly("web");
        assertThat(store.loadGateways()).isEmpty();
    }

    @Test
    void aRemoteThatWasKeptBackComesWithItsGateway() throws Exception {
        done(put("more", "{\"bind\": \"127.0.0.1:0\"}"));
        done(send("POST", "/api/v1/remotes", """
                {"name": "home", "hosts": [{"host": "app.example.com", "gateways": ["more"], "remote": 1}]}"""));
        MemoryStore kept = store.copy();
        kept.save(StoreChange.ofGateways(List.of(), List.of("more")));
        start(kept);
        assertThat(get("/api/v1/remotes/home").texts("problems"))
                .containsExactly("/home/hosts/0/gateways/0 is no gateway");

        done(put("more", "{\"bind\": \"127.0.0.1:0\"}"));

        await().untilAsserted(() ->
                assertThat(get("/api/v1/remotes/home").texts("problems")).isEmpty());
    }

    @Test
    void onlyAnAdminChangesGateways() throws Exception {
        done(send("POST", "/api/v1/users", """
                {"name": "oskar", "role": "operator", "password": "oskar-secret"}"""));
        String body = "{\"bind\": \"127.0.0.1:0\"}";

        for (AdminClient who : List.of(AdminClient.BOB, new AdminClient("oskar:oskar-secret"))) {
            assertThat(who.get(server, GATEWAYS + "/web").status()).isEqualTo(200);
            assertThat(who.sendJson(server, "PUT", GATEWAYS + "/more", body).status())
                    .isEqualTo(403);
            assertThat(who.sendJson(server, "DELETE", GATEWAYS + "/web", "", "If-Match", "*")
                            .status())
                    .isEqualTo(403);
        }
        assertThat(AdminClient.NOBODY
                        .sendJson(server, "PUT", GATEWAYS + "/more", body)
                        .status())
                .isEqualTo(401);
        assertThat(names()).containsExactly("web");
    }
}
