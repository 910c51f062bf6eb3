package io.portproxy.server;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.portproxy.http.ErrorPages;
import io.portproxy.http.HostPattern;
import io.portproxy.net.AddressRange;
import io.portproxy.net.AddressSet;
import io.portproxy.net.ProxyHeader.Version;
import io.portproxy.net.tls.CertificateTable;
import io.portproxy.net.tls.ServerCertificate;
import io.portproxy.net.tls.ServerNames;
import io.portproxy.net.tls.TlsSettings;
import io.portproxy.protocol.Dialect;
import io.portproxy.server.exposed.Access;
import io.portproxy.server.exposed.PortSettings;
import io.portproxy.server.exposed.PortView;
import io.portproxy.server.exposed.RouteSettings;
import io.portproxy.server.exposed.gateway.GatewaySettings;
import io.portproxy.server.exposed.gateway.HostSettings;
import io.portproxy.server.exposed.user.AccessLog;
import io.portproxy.server.exposed.user.PortRefusal;
import io.portproxy.server.exposed.user.WebLimits;
import io.portproxy.server.exposed.user.WebServices;
import io.portproxy.testing.ClientUnderTest;
import io.portproxy.testing.PlainSocket;
import io.portproxy.testing.PlainSocket.End;
import io.portproxy.testing.ServerUnderTest;
import io.portproxy.testing.Speech;
import io.portproxy.testing.StrictProxyHeader;
import io.portproxy.testing.Target;
import io.portproxy.testing.TestCertificates;
import io.portproxy.testing.TestRemote;
import io.portproxy.testing.TestSettings;
import io.portproxy.testing.WebUnderTest;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Tests the PROXY protocol, which says who users are. The server sends its header to targets, and reads it from proxies in
 * front of the server, which are at 127.0.0.2.
 */
class ProxyProtocolTest {
    private static final String PROXY = "127.0.0.2";
    private static final AddressSet PROXIES = set(PROXY);
    private static final String SITE = "a.example";
    private static final byte[] V1 = StrictProxyHeader.v1("192.0.2.7", 4711);
    private static final byte[] V2 = StrictProxyHeader.v2("c0000207", 4711, "040000");

    /** The bytes that a target got: the header, if it reads one, and the line after it. */
    private record Got(Optional<StrictProxyHeader> header, String line) {}

    private final List<AutoCloseable> open = new ArrayList<>();
    private final BlockingQueue<Got> got = new LinkedBlockingQueue<>();
    private ServerUnderTest server;
    private Speech speech = Speech.EXTENDED_IN_THREE_TUNNELS;

    @AfterEach
    void stop() throws Exception {
        for (int i = open.size() - 1; i >= 0; i--) {
            open.get(i).close();
        }
    }

    private static AddressSet set(String... ranges) {
        return AddressSet.of(Stream.of(ranges).map(AddressRange::parse).toList());
    }

    /**
     * Starts a target. It answers each line with {@code hello} and the line, and an HTTP request with an HTTP answer.
     *
     * @param withHeader whether the target first reads a header, strictly
     */
    private int target(boolean withHeader) {
        Target target = new Target(socket -> {
            InputStream in = socket.getInputStream();
            Optional<StrictProxyHeader> header =
                    withHeader ? Optional.of(StrictProxyHeader.read(in)) : Optional.empty();
            serve(socket, new BufferedReader(new InputStreamReader(in, ISO_8859_1)), header);
        });
        open.add(target);
        return target.port();
    }

    private void serve(Socket socket, BufferedReader in, Optional<StrictProxyHeader> header) throws IOException {
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            String all = line;
            boolean http = line.endsWith(" HTTP/1.1");
            for (String field = http ? in.readLine() : ""; !field.isEmpty(); field = in.readLine()) {
                all += "|" + field;
            }
            got.add(new Got(header, all));
            String body = "hello " + line + "\n";
            String answer = http ? "HTTP/1.1 200 OK\r\nContent-Length: " + body.length() + "\r\n\r\n" + body : body;
            socket.getOutputStream().write(answer.getBytes(ISO_8859_1));
        }
    }

    private Got next() throws InterruptedException {
        Got next = got.poll(20, TimeUnit.SECONDS);
        assertThat(next).as("what the target got").isNotNull();
        return next;
    }

    private static PortSettings tcp(int target) {
        return new PortSettings(TestSettings.anyPort(), Optional.empty(), target, Optional.empty());
    }

    private static PortSettings http(int target) {
        return new PortSettings(
                TestSettings.anyPort(), Optional.empty(), target, Optional.of(WebUnderTest.http(target)));
    }

    private static HostSettings host(int target, Optional<Version> version, boolean passthrough) {
        RouteSettings route = new RouteSettings(
                true,
                Optional.empty(),
                target,
                passthrough ? Optional.empty() : Optional.of(WebUnderTest.http(target)),
                version,
                Optional.empty(),
                Optional.empty());
        return new HostSettings(HostPattern.parse(SITE), "/", Set.of(), route);
    }

    private static GatewaySettings gateway(boolean tls) {
        Optional<ServerNames> certificates = tls
                ? Optional.of(new CertificateTable(List.of(new ServerCertificate(
                        new TlsSettings(() -> TestCertificates.context(TestCertificates.SITES), false)
                                .speaking(List.of("http/1.1")),
                        ServerCertificate.namesOf(TestCertificates.certificate(TestCertificates.SITES))))))
                : Optional.empty();
        GatewaySettings gateway = gateway(100);
        return certificates.map(gateway::withTls).orElse(gateway);
    }

    private static GatewaySettings gateway(int maxPending) {
        return GatewaySettings.plain(
                "web",
                GatewaySettings.Address.of(TestSettings.anyPort()),
                new GatewaySettings.Requests(Duration.ofSeconds(10), maxPending, 4096));
    }

    private void start(List<GatewaySettings> gateways, UserSettings users, RemoteSettings... remotes) throws Exception {
        server = new ServerUnderTest(
                TestSettings.server(remotes).withGateways(gateways).withUsers(users));
        open.add(server);
    }

    private void start(RemoteSettings remote) throws Exception {
        start(List.of(), UserSettings.DEFAULT, remote);
        connect();
    }

    private void connect() throws Exception {
        open.add(new ClientUnderTest(speech.client("r", server.tunnelAddress())));
        await().until(server::connected);
    }

    private RemoteSettings remote(PortSettings... ports) {
        return new RemoteSettings("r", speech.tokens(), List.of(ports));
    }

    private PlainSocket user(String from, InetSocketAddress to) throws Exception {
        PlainSocket user = PlainSocket.connectFrom(from, to);
        open.add(user);
        return user;
    }

    private static void send(PlainSocket user, String text) throws Exception {
        user.send(text.getBytes(ISO_8859_1));
    }

    private static String text(PlainSocket user) {
        return new String(user.received(), ISO_8859_1);
    }

    private static void awaitText(PlainSocket user, String text) {
        await().until(() -> text(user).contains(text));
    }

    private PortView view(int index) {
        return server.role().remotes().get(0).ports().get(index);
    }

    private static String get(String host) {
        return "GET /x HTTP/1.1\r\nHost: " + host + "\r\n\r\n";
    }

    private SSLSocket tls(Socket plain) throws IOException {
        SSLSocket user = (SSLSocket) TestCertificates.context("", TestCertificates.CA)
                .getSocketFactory()
                .createSocket(plain, SITE, plain.getPort(), true);
        open.add(user);
        SSLParameters parameters = user.getSSLParameters();
        parameters.setServerNames(List.of(new SNIHostName(SITE)));
        user.setSSLParameters(parameters);
        return user;
    }

    // Headers to targets.

    @ParameterizedTest
    @EnumSource
    void aTargetIsToldWhoTheUserIs(Version version) throws Exception {
        start(remote(tcp(target(true)).withProxyProtocol(Optional.of(version))));
        PlainSocket user = user("127.0.0.1", server.exposed(0));
        send(user, "world\n");

        awaitText(user, "hello world\n");
        StrictProxyHeader header = next().header().orElseThrow();
        assertThat(header.version()).isEqualTo(version == Version.V1 ? 1 : 2);
        assertThat(header.user()).isEqualTo(new InetSocketAddress(InetAddress.getLoopbackAddress(), user.localPort()));
        assertThat(header.exposed()).isEqualTo(server.exposed(0));
        assertThat(header.fields().keySet()).isEqualTo(version == Version.V1 ? Set.of() : Set.of(5));
        if (version == Version.V2) {
            assertThat(header.fields().get(5)).matches("[0-9a-f]{12}");
        }
        await().until(() -> view(0).streams().bytesIn() == "world\n".length()); // without the header
    }

    @ParameterizedTest
    @EnumSource
    void aTargetIsToldAlsoIfItSpeaksFirst(Version version) throws Exception {
        Target target = new Target(socket -> {
            StrictProxyHeader header = StrictProxyHeader.read(socket.getInputStream());
            socket.getOutputStream().write(("220 you are at " + header.user().getPort() + "\n").getBytes(ISO_8859_1));
            socket.getInputStream().read();
        });
        open.add(target);
        start(remote(tcp(target.port()).withProxyProtocol(Optional.of(version))));
        PlainSocket user = user("127.0.0.1", server.exposed(0));

        awaitText(user, "220 you are at " + user.localPort() + "\n");
    }

    @Test
    void aWebApplicationIsToldOfEachConnectionAndOfTheHost() throws Exception {
        int target = target(true);
        start(
                List.of(gateway(false)),
                UserSettings.DEFAULT,
                remote(http(target).withProxyProtocol(Optional.of(Version.V1)))
                        .withHosts(List.of(host(target, Optional.of(Version.V2), false))));
        connect();
        PlainSocket atPort = user("127.0.0.1", server.exposed(0));
        send(atPort, get("x"));
        send(atPort, get("x"));
        Got first = next();
        assertThat(first.line()).contains("X-Forwarded-For: 127.0.0.1");
        assertThat(first.header().orElseThrow().user().getPort()).isEqualTo(atPort.localPort());
        assertThat(next().header()).isEqualTo(first.header());

        PlainSocket atHost = user("127.0.0.1", server.role().gatewayAddresses().get(0));
        send(atHost, get(SITE));
        Map<Integer, String> fields = next().header().orElseThrow().fields();
        assertThat(fields).containsEntry(2, SITE).containsOnlyKeys(2, 5);
        awaitText(atHost, "hello GET /x");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aHostWithTlsIsToldTheNameAndWhatIsSpoken(boolean passthrough) throws Exception {
        BlockingQueue<StrictProxyHeader> headers = new LinkedBlockingQueue<>();
        Target target = new Target(socket -> {
            headers.add(StrictProxyHeader.read(socket.getInputStream()));
            socket.getInputStream().transferTo(OutputStream.nullOutputStream());
        });
        open.add(target);
        start(
                List.of(gateway(true)),
                UserSettings.DEFAULT,
                remote().withHosts(List.of(host(target.port(), Optional.of(Version.V2), passthrough))));
        connect();
        Socket plain = new Socket(
                InetAddress.getLoopbackAddress(),
                server.role().gatewayAddresses().get(0).getPort());
        SSLSocket user = tls(plain);
        if (passthrough) {
            Thread handshake = new Thread(() -> {
                try {
                    user.startHandshake();
                } catch (IOException e) {
                    // The target does not answer.
                }
            });
            handshake.setDaemon(true);
            handshake.start();
        } else {
            user.getOutputStream().write(get(SITE).getBytes(ISO_8859_1));
        }

        StrictProxyHeader header = headers.poll(20, TimeUnit.SECONDS);
        assertThat(header).isNotNull();
        assertThat(header.user().getPort()).isEqualTo(plain.getLocalPort());
        assertThat(header.fields()).containsEntry(2, SITE);
        assertThat(header.fields().containsKey(1)).isEqualTo(!passthrough);
        assertThat(header.fields().getOrDefault(1, "http/1.1")).isEqualTo("http/1.1");
        plain.close();
    }

    @Test
    void aClassicRemoteCannotSoUsersAreRefused() throws Exception {
        speech = Speech.CLASSIC;
        int target = target(true);
        start(
                List.of(gateway(false)),
                UserSettings.DEFAULT,
                remote(tcp(target).withProxyProtocol(Optional.of(Version.V1)))
                        .withHosts(List.of(host(target, Optional.of(Version.V2), false))));
        connect();

        assertThat(user("127.0.0.1", server.exposed(0)).awaitEnd()).isEqualTo(End.RESET);
        PlainSocket atHost = user("127.0.0.1", server.role().gatewayAddresses().get(0));
        send(atHost, get(SITE));
        awaitText(atHost, "HTTP/1.1 502 ");
        assertThat(view(0).refused()).containsOnly(Map.entry("proxy_protocol", 1L));
        assertThat(view(1).refused()).containsOnly(Map.entry("proxy_protocol", 1L));
        assertThat(view(0).refusing()).contains(PortRefusal.PROXY_PROTOCOL);
        assertThat(got).isEmpty();
    }

    /** The older remote does not announce the feature. */
    @Test
    void anOlderRemoteCannotSoUsersAreRefused() throws Exception {
        start(
                List.of(),
                UserSettings.DEFAULT,
                new RemoteSettings("r", List.of(), List.of(tcp(1).withProxyProtocol(Optional.of(Version.V2)), tcp(1))));
        try (TestRemote older = TestRemote.greeted(Dialect.EXTENDED, server.tunnelAddress(), "r")) {
            await().until(server::connected);
            assertThat(user("127.0.0.1", server.exposed(0)).awaitEnd()).isEqualTo(End.RESET);
            assertThat(view(0).refused()).containsOnly(Map.entry("proxy_protocol", 1L));
            older.open(server.exposed(1)).user().close();
        }
    }

    // Headers from proxies.

    /** Starts a port that reads headers from the proxies. */
    private void startBelieving(Access access) throws Exception {
        start(remote(tcp(target(false)).withProxies(PROXIES).withAccess(Optional.of(access))));
    }

    private String userOfTheStream() {
        return server.role().tunnels().values().stream()
                .flatMap(List::stream)
                .flatMap(tunnel -> tunnel.streams().join().stream())
                .flatMap(stream -> stream.ends().user().stream())
                .findFirst()
                .orElse("none");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aHeaderSaysWhoTheUserIsHoweverItIsCut(boolean v1) throws Exception {
        startBelieving(Access.ALL);
        byte[] header = v1 ? V1 : V2;
        byte[] all = Arrays.copyOf(header, header.length + 6);
        System.arraycopy("world\n".getBytes(ISO_8859_1), 0, all, header.length, 6);
        for (int cut = 1; cut < all.length; cut++) {
            PlainSocket user = user(PROXY, server.exposed(0));
            user.sendAndAwaitRead(Arrays.copyOfRange(all, 0, cut));
            user.send(Arrays.copyOfRange(all, cut, all.length));
            awaitText(user, "hello world\n");
            assertThat(next().line()).isEqualTo("world");
            assertThat(userOfTheStream()).isEqualTo("192.0.2.7:4711");
            user.close();
            await().until(() -> view(0).streams().live() == 0);
        }
    }

    @Test
    void aHeaderMaySayNothingOrAnIpv4AddressInIpv6() throws Exception {
        startBelieving(Access.ALL);
        String mapped = "00000000000000000000ffffc0000207";
        Map<byte[], String> headers = Map.of(
                "PROXY UNKNOWN\r\n".getBytes(ISO_8859_1),
                PROXY,
                HexFormat.of().parseHex("0d0a0d0a000d0a515549540a20000000"),
                PROXY,
                StrictProxyHeader.v2(mapped, 5, ""),
                "192.0.2.7:5",
                StrictProxyHeader.v2("20010db8000000000000000000000007", 5, ""),
                "[2001:db8:0:0:0:0:0:7]:5");
        for (Map.Entry<byte[], String> each : headers.entrySet()) {
            PlainSocket user = user(PROXY, server.exposed(0));
            user.send(each.getKey());
            send(user, "world\n");
            awaitText(user, "hello world\n");
            assertThat(userOfTheStream()).startsWith(each.getValue());
            user.close();
            await().until(() -> view(0).streams().live() == 0);
        }
    }

    @Test
    void theAccessListIsForWhomTheHeaderSays() throws Exception {
        startBelieving(new Access(Optional.of(set("192.0.2.0/24")), AddressSet.NONE));
        PlainSocket user = user(PROXY, server.exposed(0));
        user.send(V1);
        send(user, "world\n");
        awaitText(user, "hello world\n");

        PlainSocket stranger = user(PROXY, server.exposed(0));
        stranger.send(StrictProxyHeader.v1("198.51.100.1", 1));
        assertThat(stranger.awaitEnd()).isEqualTo(End.RESET);
        assertThat(view(0).refused()).containsOnly(Map.entry("access", 1L));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"hello\n", "PROXY TCP4 x y 1 2\r\n", "GET / HTTP/1.1\r\n\r\n", "\r\n\r\n\u0000\r\nQUIX\nxxxxxxxx"
            })
    void aProxyWithoutARightHeaderIsRefused(String text) throws Exception {
        startBelieving(Access.ALL);
        PlainSocket user = user(PROXY, server.exposed(0));
        send(user, text);

        assertThat(user.awaitEnd()).isEqualTo(End.RESET);
        assertThat(view(0).refused()).containsOnly(Map.entry("proxy_header", 1L));
        assertThat(view(0).streams().opened()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "PROXY TCP4 192.0.2.7 192"})
    void aProxyThatIsSlowIsRefused(String text) throws Exception {
        start(
                List.of(),
                UserSettings.DEFAULT.withHeaders(Duration.ofMillis(100), AddressSet.NONE),
                remote(tcp(target(false)).withProxies(PROXIES)));
        connect();
        PlainSocket user = user(PROXY, server.exposed(0));
        send(user, text);

        assertThat(user.awaitEnd()).isEqualTo(End.RESET);
        assertThat(view(0).refused()).containsOnly(Map.entry("proxy_header", 1L));
    }

    /** At a port and at a gateway, a connection without a header is closed to make room for a newer one. */
    @Test
    void connectionsWithoutAHeaderAreABoundedNumber() throws Exception {
        int target = target(false);
        GatewaySettings gateway = gateway(1).withProxies(PROXIES);
        WebLimits limits = new WebLimits(4, Duration.ofSeconds(5), Duration.ofSeconds(5), 1, Duration.ofSeconds(10));
        server = new ServerUnderTest(TestSettings.server(remote(tcp(target).withProxies(PROXIES))
                        .withHosts(List.of(host(target, Optional.empty(), false))))
                .withGateways(List.of(gateway))
                .withWeb(new WebServices(ErrorPages.none(), new AccessLog(AccessLog.Format.NONE), limits)));
        open.add(server);
        connect();
        for (InetSocketAddress to :
                List.of(server.exposed(0), server.role().gatewayAddresses().get(0))) {
            PlainSocket first = user(PROXY, to);
            first.sendAndAwaitRead("PROXY".getBytes(ISO_8859_1));
            PlainSocket second = user(PROXY, to);
            assertThat(first.awaitEnd()).isEqualTo(End.RESET);

            second.send(V1);
            send(second, get(SITE));
            awaitText(second, "hello GET /x");
        }
        assertThat(view(0).refused()).containsOnly(Map.entry("crowded_out", 1L));
        assertThat(server.role().gateways().get(0).crowdedOut()).isOne();
    }

    @Test
    void aProxyThatLeavesEarlyIsRefused() throws Exception {
        startBelieving(Access.ALL);
        PlainSocket user = user(PROXY, server.exposed(0));
        user.send(Arrays.copyOf(V2, 14));
        user.finish();

        assertThat(user.awaitEnd()).isEqualTo(End.RESET);
        await().until(() -> view(0).refused().equals(Map.of("proxy_header", 1L)));
    }

    /** The server resets users at other addresses who send a header. It does not delay their bytes if they send none. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void othersMaySendNoHeader(boolean v1) throws Exception {
        startBelieving(Access.ALL);
        byte[] header = v1 ? V1 : V2;
        PlainSocket whole = user("127.0.0.1", server.exposed(0));
        whole.send(header);
        assertThat(whole.awaitEnd()).isEqualTo(End.RESET);

        PlainSocket cut = user("127.0.0.1", server.exposed(0));
        int signature = v1 ? 6 : 12;
        cut.sendAndAwaitRead(Arrays.copyOf(header, signature - 1));
        cut.send(Arrays.copyOfRange(header, signature - 1, header.length));
        assertThat(cut.awaitEnd()).isEqualTo(End.RESET);
        assertThat(view(0).refused()).containsOnly(Map.entry("proxy_header", 2L));

        PlainSocket user = user("127.0.0.1", server.exposed(0));
        send(user, "PRO\n");
        awaitText(user, "hello PRO\n");
        send(user, "PROXY TCP4\n");
        awaitText(user, "hello PROXY TCP4\n");
    }

    @Test
    void whoIsBelievedChangesWhileItRuns() throws Exception {
        int target = target(false);
        start(remote(tcp(target)));
        PlainSocket before = user(PROXY, server.exposed(0));
        send(before, "world\n");
        awaitText(before, "hello world\n");

        server.change(List.of(remote(tcp(target).withProxies(PROXIES))), Duration.ZERO, () -> {});

        PlainSocket user = user(PROXY, server.exposed(0));
        user.send(V1);
        send(user, "world\n");
        awaitText(user, "hello world\n");
        send(before, "again\n");
        awaitText(before, "hello again\n");
        assertThat(view(0).streams().opened()).isEqualTo(2);
    }

    /** The header comes before the TLS handshake or, without TLS, before the request. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aGatewayBelievesItsProxies(boolean tls) throws Exception {
        start(
                List.of(gateway(tls).withProxies(PROXIES)),
                UserSettings.DEFAULT,
                remote().withHosts(List.of(host(target(false), Optional.empty(), false))));
        connect();
        InetSocketAddress address = server.role().gatewayAddresses().get(0);
        for (byte[] header : List.of(V1, V2)) {
            Socket user = new Socket();
            open.add(user);
            user.bind(new InetSocketAddress(PROXY, 0));
            user.connect(address);
            user.getOutputStream().write(header);
            Socket inside = tls ? tls(user) : user;
            inside.getOutputStream().write(get(SITE).getBytes(ISO_8859_1));
            assertThat(next().line()).contains("|X-Forwarded-For: 192.0.2.7");
        }
        PlainSocket other = user("127.0.0.1", address);
        other.send(V1);
        await().until(() -> other.end().isPresent());
        PlainSocket without = user(PROXY, address);
        send(without, get(SITE));
        assertThat(without.awaitEnd()).isEqualTo(End.RESET);
        await().until(() -> server.role().gateways().get(0).refused().equals(Map.of("proxy_header", 2L)));
    }

    @Test
    void aPortOfTypeHttpBelievesItsProxies() throws Exception {
        start(remote(http(target(false)).withProxies(PROXIES)));
        PlainSocket user = user(PROXY, server.exposed(0));
        user.send(V2);
        send(user, get("x"));
        assertThat(next().line()).contains("|X-Forwarded-For: 192.0.2.7");

        PlainSocket other = user("127.0.0.1", server.exposed(0));
        other.send(V1);
        assertThat(other.awaitEnd()).isEqualTo(End.RESET);
        await().until(() -> view(0).refused().equals(Map.of("proxy_header", 1L)));
    }

    /** The server reads a header of version 2 from the proxy and sends one of version 1 to the target. */
    @Test
    void theTargetIsToldWhatTheProxyHasSaid() throws Exception {
        start(remote(tcp(target(true)).withProxies(PROXIES).withProxyProtocol(Optional.of(Version.V1))));
        PlainSocket user = user(PROXY, server.exposed(0));
        user.send(V2);
        send(user, "world\n");

        assertThat(next().header().orElseThrow().user()).isEqualTo(new InetSocketAddress("192.0.2.7", 4711));
    }

    @Test
    void aRemoteBehindAProxyIsWhereTheProxySays() throws Exception {
        start(List.of(), UserSettings.DEFAULT.withHeaders(Duration.ofSeconds(5), PROXIES), remote(tcp(target(false))));
        Target proxy = new Target(this::passOn);
        open.add(proxy);
        open.add(new ClientUnderTest(
                speech.client("r", new InetSocketAddress(InetAddress.getLoopbackAddress(), proxy.port()))));
        await().until(server::connected);

        assertThat(server.role().remotes().get(0).tunnels())
                .extracting(tunnel -> tunnel.handle().view().address())
                .containsOnly("192.0.2.7:4711");
    }

    /** Connects to the tunnel port, sends a header, and relays all bytes of the remote. */
    private void passOn(Socket remote) throws IOException {
        try (Socket further = new Socket()) {
            further.bind(new InetSocketAddress(PROXY, 0));
            further.connect(server.tunnelAddress());
            further.getOutputStream().write(V1);
            Thread back = new Thread(() -> pump(further, remote));
            back.start();
            pump(remote, further);
        }
    }

    private static void pump(Socket from, Socket to) {
        try (from;
                to) {
            from.getInputStream().transferTo(to.getOutputStream());
        } catch (IOException e) {
            // One of the sockets has ended, so both are closed.
        }
    }

    @Test
    void theTunnelPortBelievesItsProxies() throws Exception {
        start(List.of(), UserSettings.DEFAULT.withHeaders(Duration.ofSeconds(5), PROXIES), remote(tcp(target(false))));
        connect(); // from 127.0.0.1, without a header

        PlainSocket proxy = user(PROXY, server.tunnelAddress());
        proxy.send(V1);
        send(proxy, "no greeting of ours");
        await().until(() -> proxy.end().isPresent());
        assertThat(server.role().greetingsRefused(GreetingRefusal.GREETING)).isOne();

        PlainSocket without = user(PROXY, server.tunnelAddress());
        send(without, "no header at all");
        assertThat(without.awaitEnd()).isEqualTo(End.RESET);
        assertThat(server.role().greetingsRefused(GreetingRefusal.PROXY_HEADER)).isOne();
    }

    @Test
    void atTheTunnelPortConnectionsWithoutAHeaderCountAsGreetings() throws Exception {
        server = new ServerUnderTest(TestSettings.server(remote())
                .withGreetings(Duration.ofSeconds(10), 1)
                .withUsers(UserSettings.DEFAULT.withHeaders(Duration.ofSeconds(10), PROXIES)));
        open.add(server);
        PlainSocket first = user(PROXY, server.tunnelAddress());
        first.sendAndAwaitRead("PROXY".getBytes(ISO_8859_1));
        assertThat(server.role().greetings()).isOne();
        user(PROXY, server.tunnelAddress());

        assertThat(first.awaitEnd()).isEqualTo(End.RESET);
        await().until(() -> server.role().greetingsRefused(GreetingRefusal.CROWDED_OUT) == 1);
    }
}
