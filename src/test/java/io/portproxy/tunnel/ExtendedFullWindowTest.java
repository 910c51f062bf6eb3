package io.portproxy.tunnel;

import static org.assertj.core.api.Assertions.assertThat;

import io.portproxy.server.ServerSettings;
import io.portproxy.testing.ExtendedSettings;
import io.portproxy.testing.Instruction;
import io.portproxy.testing.PlainSocket;
import io.portproxy.testing.ServerUnderTest;
import io.portproxy.testing.TestRemote;
import io.portproxy.testing.TestSettings;
import org.junit.jupiter.api.Test;

/** Tests a socket while the peer gives its stream no more window. */
class ExtendedFullWindowTest {
    private static final int WINDOW = 256 * 1024;

    private static ServerSettings settings() {
        return TestSettings.server(ExtendedSettings.remote("r", 7));
    }

    @Test
    void aUsersRstIsHeardThoughItsWindowIsFull() throws Exception {
        try (ServerUnderTest server = new ServerUnderTest(settings());
                TestRemote remote = TestRemote.greeted(server.tunnelAddress(), "r", ExtendedSettings.TOKEN)) {
            PlainSocket user = PlainSocket.connect(server.exposed(0));
            long stream = remote.peer().nextOf(0x0015).identity();
            user.send(new byte[WINDOW]);
            remote.peer().nextData(stream, WINDOW);
            user.reset();
            assertThat(remote.peer().next()).isEqualTo(Instruction.reset(stream, 4));
        }
    }

    @Test
    void aUsersFinIsHeardOnceTheWindowGrows() throws Exception {
        try (ServerUnderTest server = new ServerUnderTest(settings());
                TestRemote remote = TestRemote.greeted(server.tunnelAddress(), "r", ExtendedSettings.TOKEN);
                PlainSocket user = PlainSocket.connect(server.exposed(0))) {
            long stream = remote.peer().nextOf(0x0015).identity();
            user.send(new byte[WINDOW]);
            remote.peer().nextData(stream, WINDOW);
            user.finish();
            remote.peer().send(Instruction.window(stream, WINDOW, WINDOW));
            assertThat(remote.peer().next()).isEqualTo(Instruction.end(stream));
        }
    }
}
