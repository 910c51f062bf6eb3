package io.portproxy.server;

import static io.portproxy.testing.Instruction.closeConnection;
import static io.portproxy.testing.Instruction.data;
import static io.portproxy.testing.Instruction.packet;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.portproxy.protocol.Dialect;
import io.portproxy.testing.Bytes;
import io.portproxy.testing.Instruction;
import io.portproxy.testing.PlainSocket;
import io.portproxy.testing.PlainSocket.End;
import io.portproxy.testing.ServerUnderTest;
import io.portproxy.testing.TestRemote;
import io.portproxy.testing.TestRemote.Opened;
import io.portproxy.testing.TestSettings;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Tests how streams end in the classic dialect, whose close ends both directions. {@link StreamEndsTest} tests the rest. */
class ClassicStreamEndsTest {
    private ServerUnderTest server;
    private TestRemote remote;

    @BeforeEach
    void start() throws Exception {
        server = new ServerUnderTest(TestSettings.server(TestSettings.remote("r", 5678)));
        remote = TestRemote.greeted(Dialect.CLASSIC, server.tunnelAddress(), "r");
        assertNothingWasSaid();
    }

    @AfterEach
    void stop() throws Exception {
        remote.close();
        server.close();
    }

    /** Checks that the server sends the opening of a new stream and then its end, and nothing before. */
    private void assertNothingWasSaid() throws Exception {
        Opened stream = remote.open(server.exposed(0)); // fails if something else comes first
        stream.user().close();
        assertThat(remote.peer().next()).isEqualTo(closeConnection(stream.identity()));
    }

    @Test
    void aCloseByTheRemoteComesAfterAllBytesBeforeItAndIsNotAnswered() throws Exception {
        byte[] bytes = Bytes.random(1, 3_000_000);
        Opened stream = remote.openSlowReader(server.exposed(0));
        remote.peer().send(data(stream.identity(), bytes), closeConnection(stream.identity()));
        stream.user().startReading();
        assertThat(stream.user().awaitEnd()).isEqualTo(End.CLEAN);
        assertThat(stream.user().received()).isEqualTo(bytes);
        stream.user().close();
        assertNothingWasSaid();
    }

    @Test
    void bytesThatAUserStillSendsDoNotSpoilTheCleanEnd() throws Exception {
        byte[] bytes = Bytes.random(2, 2_000_000);
        Opened stream = remote.openSlowReader(server.exposed(0));
        Thread sender = new Thread(() -> sendUntilClosed(stream.user()));
        sender.start();
        assertThat(remote.peer().next().code()).isEqualTo(0x0003); // the user is sending
        remote.peer().send(data(stream.identity(), bytes), closeConnection(stream.identity()));
        stream.user().startReading();
        assertThat(stream.user().awaitEnd()).isEqualTo(End.CLEAN);
        assertThat(stream.user().received()).isEqualTo(bytes);
        stream.user().close();
        sender.join();
    }

    private static void sendUntilClosed(PlainSocket user) {
        try {
            while (true) {
                user.send(new byte[1000]);
            }
        } catch (IOException e) {
            // The server has closed the connection.
        }
    }

    @Test
    void dataBehindACloseIsSkipped() throws Exception {
        Opened stream = remote.open(server.exposed(0));
        remote.peer()
                .send(
                        data(stream.identity(), Bytes.of("before")),
                        closeConnection(stream.identity()),
                        data(stream.identity(), Bytes.of("behind")),
                        closeConnection(stream.identity()));
        assertThat(stream.user().awaitEnd()).isEqualTo(End.CLEAN);
        assertThat(stream.user().received()).isEqualTo(Bytes.of("before"));
        stream.user().close();
        assertNothingWasSaid();
    }

    @Test
    void bothMayCloseAtTheSameTime() throws Exception {
        List<Instruction> closes = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            PlainSocket user = PlainSocket.connect(server.exposed(0));
            long identity = nextOpening(closes);
            remote.peer().send(data(identity, (byte) i), closeConnection(identity));
            user.close();
        }
        PlainSocket last = PlainSocket.connect(server.exposed(0));
        nextOpening(closes);
        assertThat(closes).doesNotHaveDuplicates().allMatch(close -> close.code() == 0x0004);
        last.close();
    }

    /** Returns the identity of the next opening. The server's InsCloseConnections may come before it, depending on who closed first. */
    private long nextOpening(List<Instruction> before) throws Exception {
        Instruction next = remote.peer().next();
        while (next.code() != 0x0001) {
            before.add(next);
            next = remote.peer().next();
        }
        return next.identity();
    }

    @Test
    void aUserWhoIsResetWhileBytesWaitForItIsForgotten() throws Exception {
        Opened stream = remote.openSlowReader(server.exposed(0));
        byte[] more = packet(data(stream.identity(), Bytes.random(5, 500_000)));
        for (int i = 0; i < 12; i++) {
            remote.peer().send(more);
        }
        stream.user().reset();
        assertThat(remote.peer().next()).isEqualTo(closeConnection(stream.identity()));
        assertNothingWasSaid();
        await().until(() -> server.buffersInUse() == 0);
    }
}
