package io.portproxy.config.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.portproxy.config.problem.Place;
import io.portproxy.config.problem.Problem;
import io.portproxy.config.problem.Problems;
import io.portproxy.config.properties.PortProperties;
import io.portproxy.config.properties.PortType;
import io.portproxy.config.properties.RemoteProperties;
import io.portproxy.config.properties.Secret;
import io.portproxy.http.ForwardedHeaders;
import io.portproxy.protocol.Token;
import io.portproxy.protocol.TokenVerifier;
import io.portproxy.server.RemoteSettings;
import io.portproxy.server.exposed.PortSettings;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.util.unit.DataSize;

/** Tests the check of one remote and of one port as in a request to add it, without properties and environment. */
class RemoteCheckTest {
    private static final String TOKEN = "correct-horse-battery-staple";

    private final Problems problems = new Problems();
    private final ListenAddresses addresses = new ListenAddresses(problems);
    private final RemoteCheck remotes = new RemoteCheck(addresses, new GatewayNames(List.of()), 1000, problems);
    private final PortCheck ports = new PortCheck(addresses, 1000, problems);

    private static PortProperties tcp(@Nullable String bind, @Nullable String target) {
        return port(null, true, PortType.TCP, bind, target, null, null, null, DataSize.ofKilobytes(32));
    }

    private static PortProperties http(
            String bind, String target, String hostHeader, List<String> trusted, DataSize head) {
        return port(null, true, PortType.HTTP, bind, target, hostHeader, ForwardedHeaders.ADD, trusted, head);
    }

    private static RemoteProperties remote(
            @Nullable String name, @Nullable List<String> tokens, PortProperties... ports) {
        return new RemoteProperties(
                name,
                null,
                true,
                tokens == null ? null : tokens.stream().map(Secret::of).toList(),
                Arrays.asList(ports),
                List.of(),
                null,
                null,
                null,
                null,
                null);
    }

    private static InetSocketAddress loopback(int port) {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }

    @Test
    void answersARemotesSettings() {
        Optional<RemoteSettings> checked = remotes.run(
                Place.body(""),
                remote("home", List.of(TOKEN), tcp("127.0.0.1:6688", "22"), tcp("6689", "10.0.0.5:80")));

        assertThat(problems.all()).isEmpty();
        assertThat(checked)
                .contains(new RemoteSettings(
                        "home",
                        List.of(TokenVerifier.of(Token.of(TOKEN))),
                        List.of(
                                new PortSettings(loopback(6688), Optional.empty(), 22, Optional.empty()),
                                new PortSettings(loopback(6689), Optional.of("10.0.0.5"), 80, Optional.empty()))));
    }

    @Test
    void pointsAtEveryProblemAtOnce() {
        Optional<RemoteSettings> checked = remotes.run(
                Place.body(""),
                remote(
                        "a/b",
                        List.of(TOKEN, "short"),
                        tcp("127.0.0.1:6688", "22"),
                        tcp(null, "0"),
                        http("8080", "80", " ", List.of("127.0.0.1", "nobody"), DataSize.ofBytes(1)),
                        tcp("6688", null)));

        assertThat(checked).isEmpty();
        assertThat(problems.all())
                .extracting(problem -> problem.place().text(), Problem::value, Problem::reason)
                .containsExactlyInAnyOrder(
                        tuple("/name", "a/b", "has a /, which a name in an address of the admin API cannot have"),
                        tuple("/tokens/1", Secret.HIDDEN, "is too short: anybody could find it out by trying"),
                        tuple("/ports/1/bind", "", "is missing"),
                        tuple("/ports/1/remote", "0", "has a port that is out of range"),
                        tuple("/ports/2/maxRequestHead", "1B", "is out of range"),
                        tuple("/ports/2/hostHeader", " ", "is not a Host"),
                        tuple("/ports/2/trustedProxies/1", "nobody", "is no range of addresses: it is no IP address"),
                        tuple(
                                "/ports/3/bind",
                                "6688",
                                "is on the same address and port as /ports/0/bind (127.0.0.1:6688)"),
                        tuple("/ports/3/remote", "", "is missing"));
        assertThat(problems.all()).extracting(Problem::origin).containsOnly("");
    }

    @Test
    void saysWhereTheNameIsTakenAlready() {
        Place there = Place.property("portproxy.server.proxy[0].remote-name");
        assertThat(remotes.take("home", there)).isEmpty();

        assertThat(remotes.run(Place.body(""), remote("home", null))).isEmpty();

        assertThat(problems.all())
                .extracting(problem -> problem.place().text(), Problem::value, Problem::reason)
                .containsExactly(tuple("/name", "home", "is the same as " + there));
    }

    @Test
    void isNotHinderedByAProblemElsewhere() {
        problems.add(Place.body("").entry(0), null, "is wrong", "write another");

        assertThat(remotes.run(Place.body("").entry(1), remote("home", null)))
                .contains(new RemoteSettings("home", List.of(), List.of()));
        assertThat(remotes.run(Place.body("").entry(10), remote("away", List.of())))
                .isEmpty();
    }

    @Test
    void answersAPortsSettings() {
        Optional<PortSettings> checked = ports.run(
                Place.body(""),
                http("127.0.0.1:8080", "80", "rewrite", List.of("10.0.0.0/8"), DataSize.ofKilobytes(8)),
                true);

        assertThat(problems.all()).isEmpty();
        assertThat(checked.flatMap(PortSettings::http).orElseThrow()).satisfies(http -> {
            assertThat(http.target()).isEqualTo("127.0.0.1:80");
            assertThat(http.trustedProxies()).hasSize(1);
            assertThat(http.maxRequestHead()).isEqualTo(8192);
        });
    }

    @Test
    void saysWhereAPortsAddressIsTakenAlready() {
        addresses.claim(Place.property("portproxy.server.bind"), "0.0.0.0:9015", new InetSocketAddress(9015));

        assertThat(ports.run(Place.body(""), tcp("127.0.0.1:9015", "22"), true)).isEmpty();
        assertThat(ports.run(Place.body("").key("other"), tcp("127.0.0.1:0", "22"), true))
                .isPresent();

        assertThat(problems.all())
                .extracting(problem -> problem.place().text(), Problem::value, Problem::reason)
                .containsExactly(tuple(
                        "/bind",
                        "127.0.0.1:9015",
                        "is on the same address and port as portproxy.server.bind (0.0.0.0:9015)"));
    }

    @Test
    void refusesWhatTcpDoesNotHave() {
        PortProperties port = port(
                null,
                true,
                PortType.TCP,
                "6688",
                "22",
                "rewrite",
                ForwardedHeaders.NONE,
                new ArrayList<>(List.of("127.0.0.1")),
                DataSize.ofKilobytes(32));

        assertThat(ports.run(Place.body("").key("port-list").entry(3), port, true))
                .isEmpty();

        assertThat(problems.all())
                .extracting(problem -> problem.place().text())
                .containsExactly("/ports/3/hostHeader", "/ports/3/forwardedHeaders", "/ports/3/trustedProxies");
        assertThat(problems.all()).extracting(Problem::reason).containsOnly("has no effect on type tcp");
    }

    private static PortProperties port(
            @Nullable String name,
            boolean enabled,
            PortType type,
            @Nullable String bind,
            @Nullable String remote,
            @Nullable String hostHeader,
            @Nullable ForwardedHeaders forwardedHeaders,
            @Nullable List<String> trustedProxies,
            DataSize maxRequestHead) {
        return new PortProperties(
                name,
                enabled,
                type,
                bind,
                remote,
                null,
                hostHeader,
                forwardedHeaders,
                trustedProxies,
                maxRequestHead,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null);
    }
}
