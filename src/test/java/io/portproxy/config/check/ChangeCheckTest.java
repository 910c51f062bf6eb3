package io.portproxy.config.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.portproxy.manage.ChangeProblem;
import io.portproxy.manage.DefinitionCheck;
import io.portproxy.manage.DefinitionCheck.Pointers;
import io.portproxy.manage.PortDefinition;
import io.portproxy.manage.RemoteDefinition;
import io.portproxy.server.Exposure;
import io.portproxy.server.RemoteSettings;
import io.portproxy.testing.TestSettings;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What was bound by a name stays bound while the name cannot be resolved. The host {@code no..host} never can. */
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
        return new PortDefinition(
                name, true, "tcp", bind, remote, Optional.empty(), Optional.empty(), List.of(), Optional.empty());
    }

    private static DefinitionCheck.Result check(String bind, Optional<RemoteSettings> bound, RemoteSettings... others) {
        return new ChangeCheck(addresses -> {})
                .begin(new Exposure(List.of(), List.of(others)), List.of())
                .check(home(bind), Pointers.ofRemote("home"), bound);
    }

    @Test
    void stays() {
        DefinitionCheck.Result result = check("no..host:7001", Optional.of(bound));

        assertThat(result.problems()).isEmpty();
        assertThat(result.settings()).contains(bound);
    }

    @Test
    void isAProblemOfWhatIsNotBoundYet() {
        DefinitionCheck.Result result = check("no..host:7001", Optional.empty());

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

    @Test
    void doesNotStayWhereSomethingElseIsWrong() {
        RemoteSettings taker = new RemoteSettings("taker", List.of(), List.of(TestSettings.tcp(other(), 22)));

        DefinitionCheck.Result result = check("no..host:7001", Optional.of(bound), taker);

        assertThat(result.settings()).isEmpty();
        assertThat(result.problems())
                .extracting(ChangeProblem::pointer)
                .containsExactly("/home/ports/0/bind", "/home/ports/1/bind");
    }
}
