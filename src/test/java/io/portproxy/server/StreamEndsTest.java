package io.portproxy.server;

import static io.portproxy.testing.Instruction.data;
import static org.assertj.core.api.Assertions.assertThat;

import io.portproxy.protocol.Dialect;
import io.portproxy.testing.Bytes;
import io.portproxy.testing.PlainSocket.End;
import io.portproxy.testing.ServerUnderTest;
import io.portproxy.testing.TestRemote;
import io.portproxy.testing.TestRemote.Opened;
import io.portproxy.testing.TestSettings;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Tests how remotes and users end streams on the proxy server, in both dialects. */
@ParameterizedClass
@EnumSource
class StreamEndsTest {
    private static final int USER_RESET = 4;

    private final Dialect dialect;
    private ServerUnderTest server;
    private TestRemote remote;

    StreamEndsTest(Dialect dialect) {
        this.dialect = dialect;
    }

    @BeforeEach
    void start() throws Exception {
        server = new ServerUnderTest(TestSettings.server(TestSettings.remote("r", 5678)));
        remote = TestRemote.greeted(dialect, server.tunnelAddress(), "r");
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
        assertThat(remote.peer().next()).isEqualTo(remote.peer().ending(stream.identity()));
        remote.peer().endToo(stream.identity());
    }

    /** Closes a user whose stream the remote has ended. In the extended dialect, this ends the other direction. */
    private void leave(Opened stream) throws Exception {
        stream.user().close();
        if (dialect == Dialect.EXTENDED) {
            assertThat(remote.peer().next()).isEqualTo(remote.peer().ending(stream.identity()));
        }
    }

    @Test
    void aCloseWithoutBytesIsACleanEndToo() throws Exception {
        Opened stream = remote.open(server.exposed(0));
        remote.peer().send(remote.peer().ending(stream.identity()));
        assertThat(stream.user().awaitEnd()).isEqualTo(End.CLEAN);
        assertThat(stream.user().size()).isZero();
        leave(stream);
        assertNothingWasSaid();
    }

    @Test
    void aUsersEndIsToldOnceBehindItsBytesAndAnAnswerIsNotAnswered() throws Exception {
        byte[] bytes = Bytes.random(3, 500_000);
        Opened stream = remote.open(server.exposed(0));
        stream.user().send(bytes);
        stream.user().finish();
        assertThat(remote.peer().nextData(stream.identity(), bytes.length)).isEqualTo(bytes);
        assertThat(remote.peer().next()).isEqualTo(remote.peer().ending(stream.identity()));

        remote.peer().send(remote.peer().ending(stream.identity()));
        if (dialect == Dialect.CLASSIC) { // in the extended dialect this can be a protocol error
            remote.peer().send(data(stream.identity(), (byte) 1));
        }
        stream.user().awaitEnd();
        assertThat(stream.user().size()).isZero();
        assertNothingWasSaid();
        stream.user().close();
    }

    @Test
    void aUsersResetIsToldOnce() throws Exception {
        Opened stream = remote.open(server.exposed(0));
        stream.user().send(Bytes.of("bye"));
        assertThat(remote.peer().next()).isEqualTo(data(stream.identity(), Bytes.of("bye")));
        stream.user().reset();
        assertThat(remote.peer().next()).isEqualTo(remote.peer().resetting(stream.identity(), USER_RESET));
        remote.peer()
                .send(
                        data(stream.identity(), Bytes.random(4, 100_000)),
                        remote.peer().ending(stream.identity()));
        assertNothingWasSaid();
    }

    @Test
    void oneStreamsEndLeavesTheOthersAlone() throws Exception {
        Opened staying = remote.open(server.exposed(0));
        for (int i = 0; i < 100; i++) {
            Opened stream = remote.open(server.exposed(0));
            if (i % 2 == 0) {
                remote.peer().send(remote.peer().ending(stream.identity()));
                assertThat(stream.user().awaitEnd()).isEqualTo(End.CLEAN);
                leave(stream);
            } else {
                stream.user().reset();
                assertThat(remote.peer().next()).isEqualTo(remote.peer().resetting(stream.identity(), USER_RESET));
            }
            remote.peer().send(data(staying.identity(), (byte) i));
            staying.user().awaitReceived(i + 1);
        }
        assertThat(staying.user().end()).isEmpty();
        staying.user().close();
    }
}
