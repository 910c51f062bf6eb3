package io.portproxy.config.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.portproxy.config.tls.AcmeDoor;
import io.portproxy.config.tls.TlsBundles;
import io.portproxy.manage.ChangeProblem;
import io.portproxy.manage.DefinitionCheck;
import io.portproxy.manage.DefinitionCheck.Pointers;
import io.portproxy.manage.GatewayDefinition;
import io.portproxy.manage.PortDefinition;
import io.portproxy.manage.RemoteDefinition;
import io.portproxy.server.Exposure;
import io.portproxy.server.RemoteSettings;
import io.portproxy.server.exposed.gateway.GatewaySettings;
import io.portproxy.testing.TestSettings;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.ssl.DefaultSslBundleRegistry;

/** Tests that an address bound by a name stays bound while the name does not resolve. The host {@code no..host} never resolves. */
class ChangeCheckTest {
    private static final InetSocketAddress BOUND = new InetSocketAddress(InetAddress.getLoopbackAddress(), 7001);

    private final RemoteSettings bound =
            new RemoteSettings("home", List.of(), List.of(TestSettings.tcp(BOUND, 22), TestSettings.tcp(other(), 23)));

    private static InetSocketAddress other() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), 7002);
    }

    private static RemoteDefinition home(String bind) {
        return new RemoteDefinition(
                "home", "", true, false, List.of(port("a", bind, "22"), port("b", "127.0.0.1:7002", "23")));
    }

    private static PortDefinition port(String name, String bind, String remote) {
        return new PortDefinition(name, true, "tcp", bind, remote);
    }

    private static ChangeCheck changeCheck(Consumer<ListenAddresses> others) {
        return new ChangeCheck(
                others, new TlsBundles(DefaultSslBundleRegistry::new), new AcmeDoor(), Optional.empty(), 1000);
    }

    private static DefinitionCheck.Result<RemoteSettings> check(
            String bind, Optional<RemoteSettings> bound, RemoteSettings... others) {
        return changeCheck(addresses -> {})
                .begin(new Exposure(List.of(), List.of(others)), List.of())
                .check(home(bind), Pointers.ofRemote("home"), bound);
    }

    @Test
    void stays() {
        DefinitionCheck.Result<RemoteSettings> result = check("no..host:7001", Optional.of(bound));

        assertThat(result.problems()).isEmpty();
        assertThat(result.settings()).contains(bound);
    }

    @Test
    void isAProblemOfWhatIsNotBoundYet() {
        DefinitionCheck.Result<RemoteSettings> result = check("no..host:7001", Optional.empty());

        assertThat(result.settings()).isEmpty();
        assertThat(result.problems()).extracting(ChangeProblem::pointer).containsExactly("/home/ports/0/bind");
    }

    @Test
    void doesNotStayWhereSomebodyElseHasTheAddress() {
        RemoteSettings taker = new RemoteSettings(
                "taker", List.of(), List.of(TestSettings.tcp(new InetSocketAddress("0.0.0.0", 7001), 22)));

        assertThat(check("no..host:7001", Optional.of(bound), taker).settings()).isEmpty();
        assertThat(check("no..host:7001", Optional.of(bound)).settings()).isPresent();
    }

    private static GatewayDefinition gateway(String name, String bind) {
        return new GatewayDefinition(
                name,
                bind,
                Optional.empty(),
                GatewayDefinition.Ssl.NONE,
                false,
                GatewayDefinition.DEFAULT_REQUEST_TIMEOUT,
                GatewayDefinition.DEFAULT_MAX_PENDING,
                GatewayDefinition.DEFAULT_MAX_REQUEST_HEAD,
                Optional.empty(),
                List.of());
    }

    private static DefinitionCheck.Gateway candidate(GatewayDefinition gateway, Optional<GatewaySettings> bound) {
        return new DefinitionCheck.Gateway(gateway, "/" + gateway.name(), bound);
    }

    private static GatewaySettings right(String name, String bind) {
        return changeCheck(addresses -> {})
                .gateways(new Exposure(List.of(), List.of()), List.of(candidate(gateway(name, bind), Optional.empty())))
                .get(0)
                .settings()
                .orElseThrow();
    }

    @ParameterizedTest
    @CsvSource({
        "127.0.0.1:7000, portproxy.server.bind",
        "7001, remote home",
        "0.0.0.0:7003, gateway filed",
        "127.0.0.1:7004, /first/bind"
    })
    void aGatewaysAddressIsNobodyElses(String bind, String whose) {
        Exposure others = new Exposure(List.of(right("filed", "127.0.0.1:7003")), List.of(bound));

        List<DefinitionCheck.Result<GatewaySettings>> results = changeCheck(addresses -> addresses.claim(
                        CheckedServer.BIND, "7000", new InetSocketAddress(InetAddress.getLoopbackAddress(), 7000)))
                .gateways(
                        others,
                        List.of(
                                candidate(gateway("first", "7004"), Optional.empty()),
                                candidate(gateway("second", bind), Optional.empty())));

        assertThat(results.get(0).problems()).isEmpty();
        assertThat(results.get(1).settings()).isEmpty();
        assertThat(results.get(1).problems()).singleElement().satisfies(problem -> {
            assertThat(problem.pointer()).isEqualTo("/second/bind");
            assertThat(problem.reason()).contains("is on the same address and port as " + whose);
        });
    }

    @Test
    void aGatewayStaysWhileItsNameCannotBeResolved() {
        GatewaySettings was = right("web", "127.0.0.1:7003");
        Exposure nothing = new Exposure(List.of(), List.of());
        GatewayDefinition unresolved = gateway("web", "no..host:7003");
        ChangeCheck check = changeCheck(addresses -> {});

        assertThat(check.gateways(nothing, List.of(candidate(unresolved, Optional.of(was))))
                        .get(0)
                        .settings())
                .contains(was);
        assertThat(check.gateways(nothing, List.of(candidate(unresolved, Optional.empty())))
                        .get(0)
                        .settings())
                .isEmpty();
        assertThat(check.gateways(
                                new Exposure(List.of(right("taker", "0.0.0.0:7003")), List.of()),
                                List.of(candidate(unresolved, Optional.of(was))))
                        .get(0)
                        .settings())
                .isEmpty();
    }

    @Test
    void doesNotStayWhereSomethingElseIsWrong() {
        RemoteSettings taker = new RemoteSettings("taker", List.of(), List.of(TestSettings.tcp(other(), 22)));

        DefinitionCheck.Result<RemoteSettings> result = check("no..host:7001", Optional.of(bound), taker);

        assertThat(result.settings()).isEmpty();
        assertThat(result.problems())
                .extracting(ChangeProblem::pointer)
                .containsExactly("/home/ports/0/bind", "/home/ports/1/bind");
    }
}
