package io.portproxy.server;

import static io.portproxy.testing.Instruction.data;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.portproxy.protocol.Dialect;
import io.portproxy.testing.Bytes;
import io.portproxy.testing.Heartbeats;
import io.portproxy.testing.PlainSocket;
import io.portproxy.testing.PlainSocket.End;
import io.portproxy.testing.ServerUnderTest;
import io.portproxy.testing.TestRemote;
import io.portproxy.testing.TestRemote.Opened;
import io.portproxy.testing.TestSettings;
import io.portproxy.tunnel.TunnelSettings;
import java.io.IOException;
import java.net.ConnectException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Tests remotes that come, go, vanish and are replaced, and what their users see. */
class RemotePresenceTest {

    private static ServerUnderTest server() throws Exception {
        return new ServerUnderTest(
                TestSettings.server(TestSettings.remote("r", 5678), TestSettings.remote("steady", 5678)));
    }

    private static ServerUnderTest serverWithIdleTimeout(Duration idleTimeout) throws Exception {
        return new ServerUnderTest(
                TestSettings.server(TestSettings.remote("r", 5678), TestSettings.remote("steady", 5678))
                        .withTunnel(TestSettings.tunnel().withIdleTimeout(idleTimeout)));
    }

    @ParameterizedTest
    @EnumSource
    void aUserIsResetAtOnceWhileTheRemoteIsAway(Dialect dialect) throws Exception {
        try (ServerUnderTest server = server()) {
            assertUserIsReset(server);
            try (TestRemote remote = TestRemote.greeted(dialect, server.tunnelAddress(), "r")) {
                remote.open(server.exposed(0)).user().close();
            }
            await().pollInterval(Duration.ofMillis(5)).until(() -> isReset(server));
            assertUserIsReset(server);
        }
    }

    private static void assertUserIsReset(ServerUnderTest server) throws Exception {
        assertThat(isReset(server)).isTrue();
    }

    /** Returns whether the server resets a new user. A user who is not reset was accepted and sees the end of the tunnel later. */
    private static boolean isReset(ServerUnderTest server) throws IOException, InterruptedException {
        try (PlainSocket user = PlainSocket.connect(server.exposed(0))) {
            return user.awaitEnd() == End.RESET;
        }
    }

    @ParameterizedTest
    @EnumSource
    void aRemoteThatClosesItsTunnelResetsItsUsers(Dialect dialect) throws Exception {
        try (ServerUnderTest server = server();
                TestRemote steady = TestRemote.greeted(dialect, server.tunnelAddress(), "steady")) {
            Opened other = steady.open(server.exposed(1));
            for (boolean withReset : new boolean[] {false, true}) {
                TestRemote remote = TestRemote.greeted(dialect, server.tunnelAddress(), "r");
                List<Opened> streams = new ArrayList<>();
                for (int i = 0; i < 10; i++) {
                    streams.add(remote.open(server.exposed(0)));
                    remote.peer().send(data(streams.get(i).identity(), Bytes.of("cut")));
                }
                for (Opened stream : streams) {
                    stream.user().awaitReceived(3);
                }
                if (withReset) {
                    remote.peer().socket().reset();
                } else {
                    remote.close();
                }
                for (Opened stream : streams) {
                    assertThat(stream.user().awaitEnd()).isEqualTo(End.RESET);
                    assertThat(stream.user().received()).isEqualTo(Bytes.of("cut"));
                    stream.user().close();
                }
            }
            steady.peer().send(data(other.identity(), (byte) 1));
            other.user().awaitReceived(1);
            assertThat(other.user().end()).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource
    void aTunnelThatEndsWithinAnInstructionResetsItsUsers(Dialect dialect) throws Exception {
        try (ServerUnderTest server = server()) {
            TestRemote remote = TestRemote.greeted(dialect, server.tunnelAddress(), "r");
            Opened stream = remote.open(server.exposed(0));
            byte[] whole = data(stream.identity(), Bytes.of("all of it")).bytes();
            remote.peer().send(Arrays.copyOf(whole, whole.length - 3));
            remote.peer().socket().finish();
            assertThat(stream.user().awaitEnd()).isEqualTo(End.RESET);
            assertThat(stream.user().received()).isEqualTo(Bytes.of("all of"));
            remote.close();
        }
    }

    @Test
    void aSilentRemoteIsGivenUpAndABeatingOneIsNot() throws Exception {
        try (ServerUnderTest server = serverWithIdleTimeout(Duration.ofMillis(1500));
                TestRemote beating = TestRemote.greeted(Dialect.CLASSIC, server.tunnelAddress(), "steady");
                Heartbeats beats = new Heartbeats(beating);
                TestRemote silent = TestRemote.greeted(Dialect.CLASSIC, server.tunnelAddress(), "r")) {
            Opened kept = beating.open(server.exposed(1));
            Opened given = silent.open(server.exposed(0));

            assertThat(given.user().awaitEnd()).isEqualTo(End.RESET);
            silent.peer().socket().awaitEnd();
            assertUserIsReset(server);

            int then = beats.sent();
            await().until(() -> beats.sent() >= then + 10);
            beating.peer().send(data(kept.identity(), (byte) 5));
            assertThat(kept.user().awaitReceived(1)).containsExactly(5);
            assertThat(kept.user().end()).isEmpty();
        }
    }

    @Test
    void dataIsASignOfLifeToo() throws Exception {
        try (ServerUnderTest server = serverWithIdleTimeout(Duration.ofMillis(1500));
                TestRemote silent = TestRemote.greeted(Dialect.CLASSIC, server.tunnelAddress(), "r");
                TestRemote talking = TestRemote.greeted(Dialect.CLASSIC, server.tunnelAddress(), "steady")) {
            Opened given = silent.open(server.exposed(0));
            Opened kept = talking.open(server.exposed(1));
            AtomicInteger sent = new AtomicInteger();
            await().pollInterval(Duration.ofMillis(20)).until(() -> {
                talking.peer().send(data(kept.identity(), (byte) sent.incrementAndGet()));
                return given.user().end().isPresent();
            });
            assertThat(given.user().awaitEnd()).isEqualTo(End.RESET);
            kept.user().awaitReceived(sent.get());
            assertThat(kept.user().end()).isEmpty();
        }
    }

    @Test
    void aSecondRemoteOfTheNameTakesItsPlace() throws Exception {
        try (ServerUnderTest server = server();
                TestRemote first = TestRemote.greeted(Dialect.CLASSIC, server.tunnelAddress(), "r")) {
            Opened old = first.open(server.exposed(0));
            first.peer().send(data(old.identity(), Bytes.of("from the first")));
            old.user().awaitReceived(14);

            try (TestRemote second = TestRemote.greeted(Dialect.CLASSIC, server.tunnelAddress(), "r")) {
                first.peer().socket().awaitEnd();
                assertThat(old.user().awaitEnd()).isEqualTo(End.RESET);
                assertThat(old.user().received()).isEqualTo(Bytes.of("from the first"));
                assertThat(first.peer().hasNext()).isFalse();

                Opened fresh = second.open(server.exposed(0));
                assertThat(fresh.identity()).isGreaterThan(old.identity());
                second.peer().send(data(old.identity(), (byte) 1), data(fresh.identity(), (byte) 2));
                assertThat(fresh.user().awaitReceived(1)).containsExactly(2);
                fresh.user().close();
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void theLastOfManyOfOneNameStays(Dialect dialect) throws Exception {
        try (ServerUnderTest server = server()) {
            List<TestRemote> remotes = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                remotes.add(TestRemote.greeted(dialect, server.tunnelAddress(), "r"));
            }
            // Greetings that come together are handled in any order. The remote that stays is the one that is open.
            await().until(() -> remotes.stream()
                            .filter(remote -> remote.peer().socket().end().isEmpty())
                            .count()
                    == 1);
            for (TestRemote remote : remotes) {
                if (remote.peer().socket().end().isEmpty()) {
                    remote.open(server.exposed(0)).user().close();
                }
                remote.close();
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void exposedPortsStayBoundWhileRemotesComeAndGo(Dialect dialect) throws Exception {
        try (ServerUnderTest server = server()) {
            AtomicBoolean over = new AtomicBoolean();
            AtomicInteger connected = new AtomicInteger();
            AtomicInteger refused = new AtomicInteger();
            Thread prober = new Thread(() -> {
                while (!over.get()) {
                    try (PlainSocket user = PlainSocket.connect(server.exposed(0))) {
                        connected.incrementAndGet();
                        user.finish();
                    } catch (ConnectException e) {
                        refused.incrementAndGet();
                    } catch (IOException e) {
                        // A reset is right while no remote is connected.
                    }
                }
            });
            prober.start();
            TestRemote last = TestRemote.greeted(dialect, server.tunnelAddress(), "r");
            for (int i = 0; i < 50; i++) {
                TestRemote next = TestRemote.greeted(dialect, server.tunnelAddress(), "r");
                last.peer().socket().awaitEnd();
                if (i % 5 == 0) {
                    next.close();
                    next = TestRemote.greeted(dialect, server.tunnelAddress(), "r");
                }
                last.close();
                last = next;
            }
            over.set(true);
            prober.join();
            last.close();
            assertThat(connected.get()).isPositive();
            assertThat(refused.get()).isZero();
        }
    }

    @ParameterizedTest
    @EnumSource
    void aUserBeyondTheStreamsOfATunnelIsReset(Dialect dialect) throws Exception {
        TunnelSettings two = TestSettings.tunnel(TestSettings.LIMITS.withMaxStreams(2));
        try (ServerUnderTest server = new ServerUnderTest(
                        TestSettings.server(TestSettings.remote("r", 5678)).withTunnel(two));
                TestRemote remote = TestRemote.greeted(dialect, server.tunnelAddress(), "r")) {
            Opened first = remote.open(server.exposed(0));
            Opened second = remote.open(server.exposed(0));
            assertUserIsReset(server);
            first.user().close();
            assertThat(remote.peer().next().identity()).isEqualTo(first.identity());
            remote.peer().endToo(first.identity());
            remote.open(server.exposed(0)).user().close();
            assertThat(second.user().end()).isEmpty();
        }
    }
}
