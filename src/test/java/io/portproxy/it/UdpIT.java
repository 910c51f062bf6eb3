package io.portproxy.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.jayway.jsonpath.JsonPath;
import io.portproxy.net.ProxyHeader;
import io.portproxy.server.RemoteSettings;
import io.portproxy.server.exposed.PortSettings;
import io.portproxy.server.exposed.UdpSettings;
import io.portproxy.testing.ClientUnderTest;
import io.portproxy.testing.Programs;
import io.portproxy.testing.ServerUnderTest;
import io.portproxy.testing.Speech;
import io.portproxy.testing.TestSettings;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests programs that speak UDP through a tunnel. */
class UdpIT {
    @RegisterExtension
    final Children children = Children.ofTest();

    @TempDir
    Path folder;

    private static InetSocketAddress at(int port) {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }

    private interface Step {
        void run() throws Exception;
    }

    private static void with(List<PortSettings> ports, Step step) throws Exception {
        RemoteSettings remote = new RemoteSettings("r", Speech.EXTENDED.tokens(), ports);
        try (ServerUnderTest server = new ServerUnderTest(TestSettings.server(remote));
                ClientUnderTest client = new ClientUnderTest(Speech.EXTENDED.client("r", server.tunnelAddress()))) {
            client.awaitConnected(server);
            step.run();
        }
    }

    private static void awaitListening(int port) {
        await().ignoreExceptions().until(() -> {
            try (Socket socket = new Socket()) {
                socket.connect(at(port), 1000);
                return true;
            }
        });
    }

    @Test
    void digAsksDnsmasqOverUdpAndOverTcpAtTheSameNumber() throws Exception {
        Path dnsmasq = Programs.require(UdpIT.class, "dnsmasq");
        Path dig = Programs.require(UdpIT.class, "dig");
        int target = FreePorts.find();
        int exposed = FreePorts.find();
        children.start(Children.command(
                dnsmasq,
                "--keep-in-foreground",
                "--conf-file=/dev/null",
                "--port=" + target,
                "--listen-address=127.0.0.1",
                "--bind-interfaces",
                "--no-resolv",
                "--no-hosts",
                "--pid-file=",
                "--address=/test.example/192.0.2.7"));
        awaitListening(target);
        with(
                List.of(
                        TestSettings.udp(at(exposed), target, UdpSettings.DEFAULT),
                        TestSettings.tcp(at(exposed), target)),
                () -> {
                    for (String transport : List.of("+notcp", "+tcp")) {
                        String answer = children.run(
                                dig, "+short", transport, "@127.0.0.1", "-p", "" + exposed, "www.test.example");
                        assertThat(answer).as(transport).isEqualTo("192.0.2.7\n");
                    }
                });
    }

    /** Unbound answers each of its users differently, by the address in the header ahead of each datagram. */
    @Test
    void unboundLearnsWhoTheUserIs() throws Exception {
        Path unbound = Programs.require(UdpIT.class, "unbound");
        Path dig = Programs.require(UdpIT.class, "dig");
        int target = FreePorts.find();
        int exposed = FreePorts.find();
        Path configuration = Files.writeString(folder.resolve("unbound.conf"), """
                server:
                  username: ""
                  chroot: ""
                  directory: "%1$s"
                  pidfile: ""
                  use-syslog: no
                  do-daemonize: no
                  interface: 127.0.0.1@%2$d
                  proxy-protocol-port: %2$d
                  access-control: 127.0.0.0/8 allow
                  access-control-view: 127.0.0.3/32 three
                  access-control-view: 127.0.0.4/32 four
                view:
                  name: three
                  local-zone: test.example. static
                  local-data: "www.test.example. A 192.0.2.3"
                view:
                  name: four
                  local-zone: test.example. static
                  local-data: "www.test.example. A 192.0.2.4"
                remote-control:
                  control-enable: no
                """.formatted(folder, target));
        children.start(Children.command(unbound, "-d", "-p", "-c", configuration));
        awaitListening(target);
        with(
                List.of(TestSettings.udp(at(exposed), target, UdpSettings.DEFAULT)
                        .withProxyProtocol(Optional.of(ProxyHeader.Version.V2))),
                () -> {
                    for (String user : List.of("3", "4")) {
                        String answer = children.run(
                                dig,
                                "+short",
                                "-b",
                                "127.0.0." + user,
                                "@127.0.0.1",
                                "-p",
                                "" + exposed,
                                "www.test.example");
                        assertThat(answer).isEqualTo("192.0.2." + user + "\n");
                    }
                });
    }

    /** A benchmark measures the speed. This test checks that everything that a slow sender sends arrives. */
    @ParameterizedTest
    @ValueSource(strings = {"--reverse", "--get-server-output"})
    void iperf3SendsDatagrams(String direction) throws Exception {
        Path iperf3 = Programs.require(UdpIT.class, "iperf3");
        int target = FreePorts.find();
        int exposed = FreePorts.find();
        Child server = children.start(
                Children.command(iperf3, "--server", "--forceflush", "--bind", "127.0.0.1", "--port", target));
        server.awaitOutput("Server listening", 1);
        with(
                List.of(
                        TestSettings.udp(at(exposed), target, UdpSettings.DEFAULT),
                        TestSettings.tcp(at(exposed), target)),
                () -> {
                    String report = children.run(new ProcessBuilder(Children.command(
                            iperf3,
                            "--client",
                            "127.0.0.1",
                            "--port",
                            exposed,
                            "--udp",
                            "--bitrate",
                            "2M",
                            "--length",
                            8000,
                            "--time",
                            2,
                            "--json",
                            direction)));
                    assertThat(JsonPath.<Integer>read(report, "$.end.sum.packets"))
                            .isGreaterThan(30);
                    assertThat(JsonPath.<Integer>read(report, "$.end.sum.lost_packets"))
                            .isZero();
                });
    }
}
