package io.portproxy.server;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.portproxy.client.ClientSettings;
import io.portproxy.client.ExposeListener;
import io.portproxy.client.ExposeWish;
import io.portproxy.client.ExposedTarget;
import io.portproxy.client.ProxyClient;
import io.portproxy.http.ForwardedHeaders;
import io.portproxy.http.HostHeader;
import io.portproxy.http.HostPattern;
import io.portproxy.http.HttpRewriteSettings;
import io.portproxy.protocol.ExposeRefusal;
import io.portproxy.server.exposed.RouteSettings;
import io.portproxy.server.exposed.gateway.GatewaySettings;
import io.portproxy.server.exposed.gateway.HostSettings;
import io.portproxy.testing.ClientUnderTest;
import io.portproxy.testing.ExtendedSettings;
import io.portproxy.testing.PlainSocket;
import io.portproxy.testing.ServerUnderTest;
import io.portproxy.testing.Target;
import io.portproxy.testing.TestSettings;
import io.portproxy.tunnel.telemetry.EventSink;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Tests remotes that ask for host names at a gateway, and a server that grants some of them. */
class GrantedHostsTest {
    private final BlockingQueue<String> told = new LinkedBlockingQueue<>();
    private final List<AutoCloseable> open = new ArrayList<>();
    private ServerUnderTest server;

    @AfterEach
    void stop() throws Exception {
        for (int i = open.size() - 1; i >= 0; i--) {
            open.get(i).close();
        }
    }

    private static Grant grant(String hosts, Duration sticky) {
        return new Grant(
                InetAddress.getLoopbackAddress(), Grant.NO_PORT, Grant.NO_PORT, 5, sticky, 10, Optional.of(hosts));
    }

    private static RemoteSettings template() {
        return ExtendedSettings.remote("*").withGrant(grant("{name}.dev.example.com", Duration.ZERO));
    }

    private void start(RemoteSettings... remotes) throws Exception {
        server = new ServerUnderTest(
                TestSettings.server(remotes).withGateways(List.of(gateway("web", Optional.empty()))));
        open.add(server);
    }

    private static GatewaySettings gateway(String name, Optional<Integer> publicPort) {
        GatewaySettings.Address address = GatewaySettings.Address.of(TestSettings.anyPort());
        return GatewaySettings.plain(
                        name,
                        publicPort.map(address::seenAt).orElse(address),
                        new GatewaySettings.Requests(Duration.ofSeconds(10), 10, 4096))
                .withTunnel("tunnel.dev.example.com");
    }

    private void changeGateways(RemoteSettings remote, GatewaySettings... gateways) throws Exception {
        server.role().change(new Exposure(List.of(gateways), List.of(remote)), Duration.ZERO, () -> {});
    }

    private int gatewayPort() {
        return server.role().gatewayAddresses().get(0).getPort();
    }

    private int target(String body) {
        Target target = new Target(socket -> {
            BufferedReader in = new BufferedReader(new InputStreamReader(socket.getInputStream(), ISO_8859_1));
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                if (line.isEmpty()) {
                    socket.getOutputStream()
                            .write(("HTTP/1.1 200 OK\r\nContent-Length: " + body.length() + "\r\n\r\n" + body)
                                    .getBytes(ISO_8859_1));
                }
            }
        });
        open.add(target);
        return target.port();
    }

    private ClientUnderTest connect(String name, int... targets) throws Exception {
        ExposeWish[] wishes = new ExposeWish[targets.length];
        for (int i = 0; i < targets.length; i++) {
            wishes[i] = new ExposeWish(Optional.empty(), targets[i], 0, true);
        }
        ClientSettings settings =
                ExtendedSettings.client(name, server.tunnelAddress()).withExpose(wishes);
        ExposeListener listener = new ExposeListener() {
            @Override
            public void exposed(ExposedTarget now) {
                told.add(now.text());
            }

            @Override
            public void refused(String refusedTarget, ExposeRefusal reason, String message) {
                told.add(reason.key() + ": " + message);
            }
        };
        ClientUnderTest client = new ClientUnderTest(
                settings,
                (made, loops, tls, memory) -> new ProxyClient(made, loops, tls, memory, EventSink.NONE, listener));
        open.add(client);
        return client;
    }

    private String next() throws InterruptedException {
        return String.valueOf(told.poll(20, TimeUnit.SECONDS));
    }

    private String answer(String host) throws IOException {
        try (PlainSocket user =
                PlainSocket.connect(server.role().gatewayAddresses().get(0))) {
            user.send(("GET / HTTP/1.1\r\nHost: " + host + "\r\n\r\n").getBytes(ISO_8859_1));
            await().until(() -> new String(user.received(), ISO_8859_1).contains("\r\n\r\n"));
            String head = new String(user.received(), ISO_8859_1);
            return head.substring(9, 12);
        }
    }

    private static HostSettings configured(String host) {
        HttpRewriteSettings http = new HttpRewriteSettings(
                HostHeader.Policy.PRESERVE, "127.0.0.1:1", ForwardedHeaders.ADD, List.of(), 4096);
        return new HostSettings(
                HostPattern.parse(host),
                "/",
                Set.of(),
                new RouteSettings(true, Optional.empty(), 1, Optional.of(http)));
    }

    @Test
    void aRemoteOfATemplateGetsTheHostOfItsName() throws Exception {
        start(template());
        ClientUnderTest client = connect("ann", target("ann"));

        assertThat(next()).isEqualTo("http://ann.dev.example.com:" + gatewayPort());
        assertThat(answer("ann.dev.example.com")).isEqualTo("200");
        assertThat(answer("bob.dev.example.com")).isEqualTo("404");
        RemoteView ann = server.role().remote("ann").orElseThrow();
        assertThat(ann.hosts()).singleElement().satisfies(host -> {
            assertThat(host.granted()).isTrue();
            assertThat(host.urls()).containsExactly("http://ann.dev.example.com:" + gatewayPort() + "/");
        });

        client.close();
        await().untilAsserted(() -> assertThat(answer("ann.dev.example.com")).isEqualTo("404"));
        await().until(() -> server.role().remote("ann").isEmpty());
    }

    @Test
    void whatPassesAtAGrantedHostIsCountedWhileItIsThereAndAfterwards() throws Exception {
        start(template());
        ClientUnderTest client = connect("ann", target("ann"));
        next();

        assertThat(answer("ann.dev.example.com")).isEqualTo("200");

        await().untilAsserted(() -> assertThat(server.role().grants().owners())
                .singleElement()
                .satisfies(owner -> {
                    assertThat(owner.hosts()).isOne();
                    assertThat(owner.hostsKept()).isZero();
                    assertThat(owner.ports()).isZero();
                    assertThat(owner.streams().opened()).isOne();
                }));
        client.close();
        await().until(() -> server.role().grants().hosts() == 0);
        // the counts of what was taken back come a moment after it has gone
        await().untilAsserted(() -> assertThat(server.role().grants().owners())
                .singleElement()
                .satisfies(owner -> assertThat(owner.streams().opened()).isOne()));
    }

    @Test
    void aHostIsKeptForARemoteThatComesAgain() throws Exception {
        start(ExtendedSettings.remote("ann").withGrant(grant("demo.example.com", Duration.ofHours(1))));
        int target = target("ann");
        ClientUnderTest client = connect("ann", target);
        String url = next();
        client.close();
        await().untilAsserted(() -> assertThat(answer("demo.example.com")).isEqualTo("503"));
        assertThat(server.role().grants().owners())
                .singleElement()
                .satisfies(owner -> assertThat(owner.hostsKept()).isOne());

        connect("ann", target("other"));

        assertThat(next()).isEqualTo(url).isEqualTo("http://demo.example.com:" + gatewayPort());
        assertThat(answer("demo.example.com")).isEqualTo("200");
    }

    @Test
    void aHostThatIsTakenOrNotGrantedIsRefusedWithTheReason() throws Exception {
        start(
                template(),
                ExtendedSettings.remote("plain"),
                ExtendedSettings.remote("shop").withHosts(List.of(configured("eve.dev.example.com"))));
        connect("eve", 1);
        assertThat(next()).isEqualTo("taken: host eve.dev.example.com is taken: another remote has it");
        connect("tunnel", 1);
        assertThat(next())
                .isEqualTo(
                        "taken: host tunnel.dev.example.com is taken: remotes use this name to connect to the server");
        connect("a_b", 1);
        assertThat(next()).startsWith("unsupported: the remote name a_b cannot be part of a host name");
        connect("plain", 1);
        assertThat(next()).startsWith("not_granted: ");

        int first = target("ann");
        connect("ann", first);
        assertThat(next()).startsWith("http://ann.");
        for (String other : List.of("ANN", "Ann", "a\u212aa")) { // different names; none may get ann's host
            connect(other, 1);
            assertThat(next()).startsWith("unsupported: the remote name " + other + " cannot be part of a host name");
        }
        connect("two", first, 1);
        assertThat(List.of(next(), next()))
                .containsExactlyInAnyOrder(
                        "http://two.dev.example.com:" + gatewayPort(),
                        "taken: host two.dev.example.com leads to 127.0.0.1:" + first + " of this remote already");
    }

    @Test
    void aConfiguredHostComesBeforeOneThatWasAskedFor() throws Exception {
        start(template());
        connect("ann", target("ann"));
        next();

        server.change(
                List.of(
                        template(),
                        ExtendedSettings.remote("shop").withHosts(List.of(configured("ann.dev.example.com")))),
                Duration.ZERO,
                () -> {});

        assertThat(next()).isEqualTo("not_granted: host ann.dev.example.com: it is not granted any more");
        assertThat(answer("ann.dev.example.com")).isEqualTo("503");
    }

    @Test
    void aRemoteHearsWhereItsHostIsWhenGatewaysChange() throws Exception {
        start(template());
        connect("ann", target("ann"));
        assertThat(next()).isEqualTo("http://ann.dev.example.com:" + gatewayPort());

        changeGateways(template(), gateway("web", Optional.of(80)));
        assertThat(next()).as("another public port").isEqualTo("http://ann.dev.example.com");

        changeGateways(template());
        assertThat(next()).as("no gateway").startsWith("none_free: no gateway");
        assertThat(server.role().remote("ann").orElseThrow().hosts())
                .singleElement()
                .satisfies(host -> assertThat(host.urls()).isEmpty());

        changeGateways(template(), gateway("other", Optional.of(8080)));
        assertThat(next()).as("another gateway").isEqualTo("http://ann.dev.example.com:8080");
        assertThat(answer("ann.dev.example.com")).isEqualTo("200");

        changeGateways(template(), gateway("other", Optional.of(8080)));
        changeGateways(template(), gateway("other", Optional.of(8081)));
        assertThat(next()).as("what is the same is not told again").isEqualTo("http://ann.dev.example.com:8081");
    }

    @Test
    void aRemoteThatAsksAgainWhileNoGatewayLeadsToItsHostKeepsIt() throws Exception {
        start(template());
        int target = target("ann");
        ClientUnderTest client = connect("ann", target);
        next();
        changeGateways(template());
        assertThat(next()).startsWith("none_free: no gateway");
        long refused = server.role().grants().refused().get("none_free");

        await().until(() -> server.role().grants().refused().get("none_free") > refused); // it retries by itself
        changeGateways(template(), gateway("web", Optional.of(80)));

        assertThat(next()).isEqualTo("http://ann.dev.example.com");
        assertThat(client.role().view().exposed())
                .singleElement()
                .satisfies(there -> assertThat(there.address()).hasValue("ann.dev.example.com:80"));
    }
}
