package io.portproxy.server;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import io.portproxy.http.ForwardedHeaders;
import io.portproxy.http.HostHeader;
import io.portproxy.http.HostPattern;
import io.portproxy.http.HttpRewriteSettings;
import io.portproxy.net.tls.CertificateTable;
import io.portproxy.net.tls.ServerCertificate;
import io.portproxy.net.tls.TlsSettings;
import io.portproxy.server.exposed.RouteSettings;
import io.portproxy.server.exposed.gateway.GatewaySettings;
import io.portproxy.server.exposed.gateway.HostSettings;
import io.portproxy.testing.ClientHellos;
import io.portproxy.testing.ClientUnderTest;
import io.portproxy.testing.PlainSocket;
import io.portproxy.testing.PlainSocket.End;
import io.portproxy.testing.RawTarget;
import io.portproxy.testing.ServerUnderTest;
import io.portproxy.testing.Speech;
import io.portproxy.testing.Target;
import io.portproxy.testing.TestCertificates;
import io.portproxy.testing.TestSettings;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests TLS at a gateway with real sockets: which certificate it shows, where TLS ends, and who may connect through it. */
@ParameterizedClass
@EnumSource
class GatewayTlsTest {
    private static final int HEAD = 4096;
    private static final String LOOPBACK = "127.0.0.1";
    private static final String TUNNEL = "tunnel.dev.example";

    private final Speech speech;
    private final List<AutoCloseable> open = new ArrayList<>();
    private ServerUnderTest server;

    GatewayTlsTest(Speech speech) {
        this.speech = speech;
    }

    @AfterEach
    void stop() throws Exception {
        for (int i = open.size() - 1; i >= 0; i--) {
            open.get(i).close();
        }
    }

    private static ServerCertificate certificate(String name) {
        return new ServerCertificate(
                new TlsSettings(() -> TestCertificates.context(name), false).speaking(List.of("http/1.1")),
                ServerCertificate.namesOf(TestCertificates.certificate(name)));
    }

    private void start(RemoteSettings... remotes) throws Exception {
        start(Duration.ofSeconds(10), remotes);
    }

    private void start(Duration requestTimeout, RemoteSettings... remotes) throws Exception {
        GatewaySettings gateway = GatewaySettings.plain(
                        "tls",
                        GatewaySettings.Address.of(TestSettings.anyPort()).seenAt(443),
                        new GatewaySettings.Requests(requestTimeout, 100, HEAD))
                .withTls(new CertificateTable(
                        List.of(certificate(TestCertificates.SITES), certificate(TestCertificates.OTHER))))
                .withTunnel(TUNNEL);
        server = new ServerUnderTest(TestSettings.server(remotes).withGateways(List.of(gateway)));
        open.add(server);
    }

    private void connect(String... names) throws Exception {
        for (String name : names) {
            connect(name, server.tunnelAddress());
        }
    }

    private void connect(String name, InetSocketAddress address) throws Exception {
        open.add(new ClientUnderTest(speech.client(name, address)));
        await().until(() -> server.role().remotes().stream()
                .anyMatch(remote ->
                        remote.name().equals(name) && !remote.tunnels().isEmpty()));
    }

    private RemoteSettings remote(String name, HostSettings... hosts) {
        return new RemoteSettings(name, speech.tokens(), List.of()).withHosts(List.of(hosts));
    }

    private static HostSettings host(String host, int target) {
        HttpRewriteSettings http = new HttpRewriteSettings(
                HostHeader.Policy.PRESERVE, "127.0.0.1:" + target, ForwardedHeaders.ADD, List.of(), HEAD);
        return host(host, target, Optional.of(http));
    }

    private static HostSettings host(String host, int target, Optional<HttpRewriteSettings> http) {
        return new HostSettings(
                HostPattern.parse(host), "/", Set.of(), new RouteSettings(true, Optional.empty(), target, http));
    }

    /** Starts a target that answers each request with its name and the forwarded port and protocol. Returns its port. */
    private int target(String name) throws IOException {
        Target target = new Target(socket -> answer(socket, name));
        open.add(target);
        return target.port();
    }

    private static void answer(Socket socket, String name) throws IOException {
        BufferedReader in = reader(socket);
        String proto = "";
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            proto += line.startsWith("X-Forwarded-P") ? line.substring(line.indexOf(' ') + 1) : "";
            if (line.isEmpty()) {
                String body = name + " " + proto + "\n";
                proto = "";
                socket.getOutputStream()
                        .write(bytes("HTTP/1.1 200 OK\r\nContent-Length: " + body.length() + "\r\n\r\n" + body));
            }
        }
    }

    private static BufferedReader reader(Socket socket) throws IOException {
        return new BufferedReader(new InputStreamReader(socket.getInputStream(), ISO_8859_1));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(ISO_8859_1);
    }

    private static String get(String host) {
        return "GET / HTTP/1.1\r\nHost: " + host + "\r\n\r\n";
    }

    private SSLSocket user(String name, String... trusted) throws IOException {
        return user(name, LOOPBACK, server.role().gatewayAddresses().get(0).getPort(), trusted);
    }

    private SSLSocket user(String name, String address, int port, String... trusted) throws IOException {
        SSLContext context =
                TestCertificates.context("", trusted.length == 0 ? new String[] {TestCertificates.CA} : trusted);
        SSLSocket user = (SSLSocket) context.getSocketFactory().createSocket(address, port);
        open.add(user);
        SSLParameters parameters = user.getSSLParameters();
        if (!name.isEmpty()) {
            parameters.setServerNames(List.of(new SNIHostName(name)));
        }
        user.setSSLParameters(parameters);
        return user;
    }

    private static String shown(SSLSocket user) throws SSLPeerUnverifiedException {
        return user.getSession().getPeerPrincipal().getName();
    }

    /** Sends a request and returns the status and the first line of the body. */
    private static String ask(SSLSocket user, BufferedReader in, String host) throws IOException {
        user.getOutputStream().write(bytes(get(host)));
        String status = in.readLine().split(" ", 3)[1];
        in.lines().takeWhile(line -> !line.isEmpty()).forEach(line -> {});
        return status + " " + in.readLine();
    }

    @ParameterizedTest
    @CsvSource({
        "a.example, CN=not.this.example",
        "B.example, CN=not.this.example",
        "x.dev.example, CN=not.this.example",
        "other.example, CN=other.example",
        "'', CN=not.this.example",
    })
    void theCertificateIsForTheNameThatIsAskedFor(String name, String expected) throws Exception {
        start(remote("one", host("*", target("any"))));
        connect("one");
        SSLSocket user = user(name);
        user.startHandshake();

        assertThat(shown(user)).isEqualTo(expected);
        String host = name.isEmpty() ? "127.0.0.1" : name;
        assertThat(ask(user, reader(user), host)).isEqualTo("200 any 443https");
    }

    @ParameterizedTest
    @ValueSource(strings = {"unknown.example", "x.y.dev.example", "not.this.example"})
    void aNameWithoutACertificateFailsTheHandshake(String name) throws Exception {
        start(remote("one", host("*", target("any"))));

        assertThatExceptionOfType(SSLHandshakeException.class)
                .isThrownBy(() -> user(name).startHandshake())
                .withMessageContaining("unrecognized_name");
        await().until(() -> server.role().gateways().get(0).unknown() == 1);
        await().until(() -> server.role().gateways().get(0).pending() == 0);
    }

    @Test
    void requestsOfAConnectionGoToTheirHostsAsFarAsTheCertificateIsForThem() throws Exception {
        start(
                remote("one", host("a.example", target("a")), host("other.example", target("other"))),
                remote("two", host("b.example", target("b")), host("*", target("any"))));
        connect("one", "two");
        SSLSocket user = user("a.example");
        BufferedReader in = reader(user);

        assertThat(ask(user, in, "a.example")).isEqualTo("200 a 443https");
        assertThat(ask(user, in, "A.example:443")).isEqualTo("200 a 443https");
        assertThat(ask(user, in, "b.example")).isEqualTo("200 b 443https");
        assertThat(ask(user, in, "z.dev.example")).isEqualTo("200 any 443https");
        assertThat(ask(user, in, "a.example")).isEqualTo("200 a 443https");
        assertThat(ask(user, in, "other.example")).startsWith("421 ");
        assertThat(in.read()).isEqualTo(-1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"other.example", "unknown.example"})
    void aFirstRequestForAnotherHostIsMisdirected(String host) throws Exception {
        start(remote("one", host("*", target("any"))));
        connect("one");
        SSLSocket user = user("a.example");

        assertThat(ask(user, reader(user), host)).startsWith("421 ");
    }

    @Test
    void tlsPassesToATargetThatHasTheCertificate() throws Exception {
        int secret = secureTarget();
        start(
                remote("one", host("*", target("any")), host("localhost.example", secret, Optional.empty())),
                remote("two", host("a.example", secret, Optional.empty())));
        connect("one", "two");

        for (String name : List.of("localhost.example", "a.example")) {
            SSLSocket user = user(name);
            user.startHandshake();
            assertThat(shown(user)).isEqualTo("CN=localhost");
            assertThat(ask(user, reader(user), "whatever")).isEqualTo("200 secret ");
        }
        SSLSocket user = user("b.example");
        assertThat(ask(user, reader(user), "a.example")).startsWith("421 ");
    }

    private int secureTarget() throws IOException {
        ServerSocket listener = TestCertificates.context(TestCertificates.SERVER)
                .getServerSocketFactory()
                .createServerSocket(0);
        Target target = new Target(listener, socket -> answer(socket, "secret"));
        open.add(target);
        return target.port();
    }

    @Test
    void aClientHelloInManyPiecesIsPassedAsItCame() throws Exception {
        byte[] hello = ClientHellos.of("a.example", List.of("h2"), 5000, 900);
        try (RawTarget target = RawTarget.open()) {
            start(remote("one", host("*.example", target.port(), Optional.empty())));
            connect("one");
            PlainSocket user = plain();
            for (int at = 0; at < hello.length; at += 501) {
                user.send(Arrays.copyOfRange(hello, at, Math.min(hello.length, at + 501)));
            }
            user.send(bytes("and what comes behind"));
            try (PlainSocket reached = target.accept()) {
                byte[] all = Arrays.copyOf(hello, hello.length + 21);
                System.arraycopy(bytes("and what comes behind"), 0, all, hello.length, 21);
                await().until(() -> reached.received().length == all.length);
                assertThat(reached.received()).isEqualTo(all);
                reached.send(bytes("answer"));
                await().until(() -> new String(user.received(), ISO_8859_1).equals("answer"));
            }
        }
    }

    @Test
    void tlsInTinyPiecesEndsAtTheGateway() throws Exception {
        start(remote("one", host("*", target("any"))));
        connect("one");
        SSLSocket user = user("a.example", LOOPBACK, relay(() -> plainTo(gateway()), 7));

        assertThat(ask(user, reader(user), "a.example")).isEqualTo("200 any 443https");
    }

    @Test
    void aRemoteComesByTheTunnelsName() throws Exception {
        start(remote("one", host("*", target("any"))));
        connect("one", new InetSocketAddress(InetAddress.getLoopbackAddress(), relay(() -> user(TUNNEL), 16_384)));

        SSLSocket user = user("a.example");
        assertThat(ask(user, reader(user), "a.example")).isEqualTo("200 any 443https");
        SSLSocket browser = user(TUNNEL);
        assertThat(ask(browser, reader(browser), TUNNEL)).isEqualTo("200 any 443https");
    }

    @Test
    void noRemoteComesByAnotherName() throws Exception {
        start(remote("one", host("*", target("any"))));
        SSLSocket user = user("a.example");
        user.getOutputStream().write(new byte[] {0, 0, 0, 0, 0, 0, 0, 3, 'o', 'n', 'e', '\r', '\n', '\r', '\n'});

        assertThat(reader(user).readLine()).startsWith("HTTP/1.1 400 ");
        assertThat(server.role().remotes().get(0).tunnels()).isEmpty();
    }

    @Test
    void whoSpeaksPlainHttpIsToldSo() throws Exception {
        start(remote("one", host("*", target("any"))));
        PlainSocket user = plain();
        user.send(bytes(get("a.example")));

        assertThat(user.awaitEnd()).isEqualTo(End.CLEAN);
        assertThat(new String(user.received(), ISO_8859_1))
                .startsWith("HTTP/1.1 400 ")
                .contains("https://");
    }

    @Test
    void whatIsNoTlsAtAllGetsAnAlert() throws Exception {
        start(remote("one", host("*", target("any"))));
        PlainSocket user = plain();
        user.send(bytes("SSH-2.0-nobody\r\n"));

        assertThat(user.awaitEnd()).isEqualTo(End.CLEAN);
        assertThat(user.received()).containsExactly(21, 3, 3, 0, 2, 2, 10);
    }

    @Test
    void aClientHelloThatIsTooLongIsRefused() throws Exception {
        start(remote("one", host("*", target("any"))));
        PlainSocket user = plain();
        user.send(ClientHellos.of("a.example", List.of(), 17_000, 16_384));

        assertThat(user.awaitEnd()).isIn(End.CLEAN, End.RESET);
        await().until(() -> server.role().gateways().get(0).pending() == 0);
    }

    @Test
    void usersWhoseHandshakeDoesNotComeInTimeAreCounted() throws Exception {
        start(Duration.ofSeconds(1), remote("one", host("*", target("any"))));
        byte[] hello = ClientHellos.of("app.dev.example", List.of(), 0, 16_384);

        PlainSocket half = plain();
        half.send(Arrays.copyOf(hello, hello.length / 2));
        PlainSocket silent = plain();

        assertThat(half.awaitEnd()).isEqualTo(End.RESET);
        assertThat(silent.awaitEnd()).isEqualTo(End.RESET);
        await().untilAsserted(() ->
                assertThat(server.role().gateways().get(0).refused()).isEqualTo(Map.of("late", 2L)));
    }

    @Test
    void aUserWhoAsksForNothingInsideOfTlsIsCounted() throws Exception {
        start(Duration.ofSeconds(1), remote("one", host("*", target("any"))));
        try {
            user("app.dev.example").startHandshake();
        } catch (IOException e) {
            // On a slow machine, the handshake can be too late, too.
        }
        await().untilAsserted(() ->
                assertThat(server.role().gateways().get(0).refused()).isEqualTo(Map.of("late", 1L)));
    }

    @Test
    void aRecordThatIsTooLongIsRefusedThoughItIsNeverWhole() throws Exception {
        start(remote("one", host("*", target("any"))));
        PlainSocket user = plain();
        byte[] bytes = Arrays.copyOf(new byte[] {22, 3, 1, -1, -1}, 20_000);
        user.send(bytes);

        assertThat(user.awaitEnd()).isIn(End.CLEAN, End.RESET);
        await().until(() -> server.role().gateways().get(0).pending() == 0);
    }

    @Test
    void theTunnelsNameStaysTheGatewaysThoughAHostWithAnAsteriskPasses() throws Exception {
        start(remote("one", host("*.dev.example", secureTarget(), Optional.empty())));
        connect("one", new InetSocketAddress(InetAddress.getLoopbackAddress(), relay(() -> user(TUNNEL), 16_384)));

        SSLSocket user = user("x.dev.example");
        user.startHandshake();
        assertThat(shown(user)).isEqualTo("CN=localhost");
    }

    private InetSocketAddress gateway() {
        return server.role().gatewayAddresses().get(0);
    }

    private PlainSocket plain() throws IOException {
        PlainSocket user = PlainSocket.connect(gateway());
        open.add(user);
        return user;
    }

    private Socket plainTo(InetSocketAddress address) throws IOException {
        Socket socket = new Socket(address.getAddress(), address.getPort());
        socket.setTcpNoDelay(true);
        open.add(socket);
        return socket;
    }

    private interface Dialler {
        Socket dial() throws IOException;
    }

    /** Starts a relay that sends the bytes of its users elsewhere, in pieces of at most {@code piece} bytes. Returns its port. */
    private int relay(Dialler dialler, int piece) throws IOException {
        Target relay = new Target(socket -> {
            Socket further = dialler.dial();
            Thread back = new Thread(() -> copy(further, socket, 16_384), "relay");
            back.setDaemon(true);
            back.start();
            copy(socket, further, piece);
        });
        open.add(relay);
        return relay.port();
    }

    private static void copy(Socket from, Socket to, int piece) {
        byte[] bytes = new byte[piece];
        try (from;
                to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int length = in.read(bytes); length >= 0; length = in.read(bytes)) {
                out.write(bytes, 0, length);
            }
        } catch (IOException e) {
            // One of the two sockets has closed. This ends the relay of both.
        }
    }
}
