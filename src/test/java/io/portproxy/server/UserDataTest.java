package io.portproxy.server;

import static io.portproxy.testing.Instruction.data;
import static org.assertj.core.api.Assertions.assertThat;

import io.portproxy.protocol.Dialect;
import io.portproxy.testing.Bytes;
import io.portproxy.testing.Heartbeats;
import io.portproxy.testing.Instruction;
import io.portproxy.testing.PlainSocket;
import io.portproxy.testing.PlainSocket.End;
import io.portproxy.testing.ServerUnderTest;
import io.portproxy.testing.Standstill;
import io.portproxy.testing.TestRemote;
import io.portproxy.testing.TestRemote.Opened;
import io.portproxy.testing.TestSettings;
import io.portproxy.tunnel.TunnelSettings;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Tests how the proxy server handles users' bytes in both dialects. In the classic one, the remote that the test plays accepts
 * no InsData that is empty or larger than 64 KiB.
 */
@ParameterizedClass
@EnumSource
class UserDataTest {
    private static final int TARGET_PORT = 50_000; // negative if code treats ports as signed

    private final Dialect dialect;
    private ServerUnderTest server;
    private TestRemote remote;

    UserDataTest(Dialect dialect) {
        this.dialect = dialect;
    }

    @BeforeEach
    void start() throws Exception {
        server = new ServerUnderTest(TestSettings.server(
                TestSettings.remote("r", TARGET_PORT, 1), TestSettings.remote("other", TARGET_PORT)));
        remote = TestRemote.greeted(dialect, server.tunnelAddress(), "r");
        Opened first = remote.open(server.exposed(0));
        first.user().close();
        assertThat(remote.peer().next()).isEqualTo(remote.peer().ending(first.identity()));
        remote.peer().endToo(first.identity());
    }

    @AfterEach
    void stop() throws Exception {
        remote.close();
        server.close();
    }

    @Test
    void aUserIsAnnouncedWithTheTargetPortOfItsExposedPort() throws Exception {
        try (PlainSocket first = PlainSocket.connect(server.exposed(0))) {
            assertThat(remote.peer().nextOpening().targetPort()).isEqualTo(TARGET_PORT);
            try (PlainSocket second = PlainSocket.connect(server.exposed(1))) {
                assertThat(remote.peer().nextOpening().targetPort()).isEqualTo(1);
                assertThat(first.end()).isEmpty();
                assertThat(second.end()).isEmpty();
            }
        }
    }

    @Test
    void aFewBytesLeaveAsOneInstruction() throws Exception {
        try (PlainSocket user = remote.open(server.exposed(0)).user()) {
            user.send(Bytes.of("ten bytes!"));
            Instruction sent = remote.peer().next();
            assertThat(sent).isEqualTo(data(sent.identity(), Bytes.of("ten bytes!")));
        }
    }

    @Test
    void manyBytesArriveWholeAndInOrder() throws Exception {
        byte[] bytes = Bytes.random(1, 3_000_000);
        Opened stream = remote.open(server.exposed(0));
        try (PlainSocket user = stream.user()) {
            user.send(bytes);
            assertThat(remote.peer().nextData(stream.identity(), bytes.length)).isEqualTo(bytes);
        }
    }

    @Test
    void bytesOfSeveralUsersKeepTheirOrderEach() throws Exception {
        Map<Long, ByteArrayOutputStream> received = new HashMap<>();
        Map<Long, Opened> streams = new HashMap<>();
        for (int i = 0; i < 8; i++) {
            Opened stream = remote.open(server.exposed(0));
            streams.put(stream.identity(), stream);
            received.put(stream.identity(), new ByteArrayOutputStream());
        }
        for (int turn = 0; turn < 50; turn++) {
            for (Opened stream : streams.values()) {
                stream.user().send(Bytes.random(stream.identity() * 50 + turn, 1000 * (1 + turn % 7)));
            }
        }
        for (Opened stream : streams.values()) {
            stream.user().finish();
        }
        for (int ended = 0; ended < streams.size(); ) {
            Instruction next = remote.peer().next();
            if (next.equals(remote.peer().ending(next.identity()))) {
                ended++;
            } else {
                received.get(next.identity()).writeBytes(next.data());
            }
        }
        for (Opened stream : streams.values()) {
            ByteArrayOutputStream sent = new ByteArrayOutputStream();
            for (int turn = 0; turn < 50; turn++) {
                sent.writeBytes(Bytes.random(stream.identity() * 50 + turn, 1000 * (1 + turn % 7)));
            }
            assertThat(received.get(stream.identity()).toByteArray()).isEqualTo(sent.toByteArray());
            stream.user().close();
        }
    }

    @Test
    void identitiesIncreaseAcrossRemotesAndTunnels() throws Exception {
        List<Long> identities = new ArrayList<>();
        List<PlainSocket> users = new ArrayList<>();
        for (int round = 0; round < 3; round++) {
            try (TestRemote other = TestRemote.greeted(dialect, server.tunnelAddress(), "other")) {
                for (int i = 0; i < 10; i++) {
                    for (Opened stream : List.of(other.open(server.exposed(2)), remote.open(server.exposed(i % 2)))) {
                        identities.add(stream.identity());
                        users.add(stream.user());
                    }
                }
            }
        }
        assertThat(identities).hasSize(60).doesNotHaveDuplicates().isSorted();
        for (PlainSocket user : users) {
            user.close();
        }
    }

    @Test
    void aRemoteThatDoesNotReadHoldsItsUsersUpAndLosesNothing() throws Exception {
        Opened stream = remote.open(server.exposed(0));
        remote.peer().socket().pauseReading(true);
        byte[] bytes = Bytes.random(5, 40 << 20);
        Thread sender = new Thread(() -> send(stream.user(), bytes));
        sender.start();
        Standstill.await(() -> remote.peer().socket().size() + 1L);
        assertThat(server.buffersInUse()).isLessThan(10); // one outbox or a few

        remote.peer().socket().pauseReading(false);
        assertThat(remote.peer().nextData(stream.identity(), bytes.length)).isEqualTo(bytes);
        sender.join();
        stream.user().close();
    }

    @Test
    void aTunnelThatTakesNoByteIsGivenUp() throws Exception {
        TunnelSettings limits = TestSettings.tunnel().withIdleTimeout(Duration.ofMillis(500));
        try (ServerUnderTest hasty = new ServerUnderTest(TestSettings.server(TestSettings.remote("r", TARGET_PORT))
                        .withTunnel(limits));
                TestRemote stuck = TestRemote.greeted(dialect, hasty.tunnelAddress(), "r");
                Heartbeats beats = new Heartbeats(stuck)) {
            Opened stream = stuck.open(hasty.exposed(0));
            stuck.peer().socket().pauseReading(true);
            Thread sender = new Thread(() -> send(stream.user(), new byte[100 << 20]));
            sender.start();
            sender.join();
            assertThat(stream.user().awaitEnd()).isEqualTo(End.RESET);
            assertThat(beats.sent()).isPositive();
        }
    }

    private static void send(PlainSocket user, byte[] bytes) {
        try {
            user.send(bytes);
        } catch (IOException e) {
            // The test itself checks the end.
        }
    }
}
