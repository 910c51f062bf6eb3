package io.portproxy.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import io.portproxy.mux.Identities;
import io.portproxy.net.EventLoop;
import io.portproxy.net.EventLoopGroup;
import io.portproxy.net.MemoryBudget;
import io.portproxy.server.exposed.Access;
import io.portproxy.server.exposed.ExposedPort;
import io.portproxy.server.exposed.PortAddress;
import io.portproxy.server.exposed.Route;
import io.portproxy.server.exposed.RouteSettings;
import io.portproxy.server.exposed.UdpSettings;
import io.portproxy.server.exposed.user.Preface;
import io.portproxy.server.limits.LimitLevel;
import io.portproxy.server.limits.LimitSettings;
import io.portproxy.testing.TestSettings;
import io.portproxy.testing.UdpTarget.User;
import io.portproxy.tunnel.telemetry.EventSink;
import io.portproxy.tunnel.telemetry.RemoteEvents;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests that a user who is lost by a bug does not count against the limits for ever. */
class UserDispatchTest {
    private static final PortAddress ANY = new PortAddress.Ports(TestSettings.anyPort(), 1);

    private final EventLoopGroup loops = new EventLoopGroup("dispatch-", 2, new MemoryBudget(1 << 20));
    private LimitLevel above;

    @BeforeEach
    void start() {
        loops.start();
        above = new LimitLevel(System::nanoTime, LimitLevel.MOST_USERS);
        above.change(LimitSettings.NONE.withConnections(10, 0));
    }

    @AfterEach
    void stop() {
        loops.close();
    }

    /** Leads a port to a remote whose tunnels cannot be looked at. */
    private InetSocketAddress lead(ExposedPort port, Optional<UdpSettings> udp, boolean sameLoop) {
        EventLoop ofRemote = sameLoop ? port.loop() : loops.next();
        RouteSettings settings = new RouteSettings(
                true, Optional.empty(), 53, Optional.empty(), Optional.empty(), udp, Optional.empty());
        Route route = new Route("a port", "r", settings, port.loop(), Access.ALL, List.of(above));
        RemoteTunnels broken = null; // stands for a bug
        port.lead(
                route,
                new UserDispatch(
                        ofRemote,
                        broken,
                        new Identities(Instant.EPOCH),
                        new RemoteEvents(EventSink.NONE, true, "r"),
                        new HeldRoom(1)));
        port.start();
        return ((PortAddress.Ports) port.address()).first();
    }

    @ParameterizedTest(name = "the remote has the same loop: {0}")
    @ValueSource(booleans = {true, false})
    void aSessionThatCannotBeDispatchedGivesItsPlaceBack(boolean sameLoop) throws Exception {
        ExposedPort port = ExposedPort.bindDatagrams(ANY, loops.next());
        try (User user = new User(lead(port, Optional.of(UdpSettings.DEFAULT), sameLoop))) {
            user.send(new byte[1]);
            await().untilAsserted(() ->
                    assertThat(port.route().datagrams().counts().dropped()).containsEntry("refused", 1L));
            await().untilAsserted(() -> assertThat(above.connections()).isZero());
        }
    }

    @ParameterizedTest(name = "the remote has the same loop: {0}")
    @ValueSource(booleans = {true, false})
    void aConnectionThatCannotBeDispatchedIsResetAndGivesItsPlaceBack(boolean sameLoop) throws Exception {
        ExposedPort port = ExposedPort.bind(ANY, loops.next(), Preface.NONE);
        InetSocketAddress address = lead(port, Optional.empty(), sameLoop);
        try (Socket user = new Socket(address.getAddress(), address.getPort())) {
            user.setSoTimeout(20_000);
            assertThat(catchThrowable(user.getInputStream()::read)).hasMessageContaining("reset");
            await().untilAsserted(() -> assertThat(above.connections()).isZero());
        }
    }
}
