package io.portproxy.tunnel;

import static org.assertj.core.api.Assertions.assertThat;

import io.portproxy.testing.Bytes;
import io.portproxy.testing.ClientUnderTest;
import io.portproxy.testing.PlainSocket;
import io.portproxy.testing.PlainSocket.End;
import io.portproxy.testing.RawTarget;
import io.portproxy.testing.ServerUnderTest;
import io.portproxy.testing.Speech;
import io.portproxy.testing.Target;
import io.portproxy.testing.TestSettings;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Tests the streams of both roles in every way in which they can speak. {@link ExtendedStreamsTest} has what only the extended dialect
 * can do.
 */
@ParameterizedClass
@EnumSource
class StreamsTest {
    private static final int ECHO = 0;
    private static final int RAW = 1;
    private static final int REFUSING = 2;
    private static final int MANY = 3_000_000;

    private final Speech speech;
    private final Target echo = Target.echo();
    private RawTarget target;
    private ServerUnderTest server;
    private ClientUnderTest client;

    StreamsTest(Speech speech) {
        this.speech = speech;
    }

    @BeforeEach
    void start() throws Exception {
        target = RawTarget.open();
        server = new ServerUnderTest(
                TestSettings.server(speech.remote("r", echo.port(), target.port(), RawTarget.refusingPort())));
        client = new ClientUnderTest(speech.client("r", server.tunnelAddress()));
        client.awaitConnected(server);
    }

    @AfterEach
    void stop() throws Exception {
        client.close();
        server.close();
        target.close();
        echo.close();
    }

    private PlainSocket user(int index) throws IOException {
        return PlainSocket.connect(server.exposed(index));
    }

    @Test
    void bytesSentAtOnceWithTheConnectionWaitForTheTarget() throws Exception {
        byte[] early = Bytes.random(6, 100_000);
        try (PlainSocket user = user(RAW)) {
            user.send(early);
            user.finish();
            try (PlainSocket served = target.accept()) {
                assertThat(served.awaitEnd()).isEqualTo(End.CLEAN);
                assertThat(served.received()).isEqualTo(early);
            }
        }
    }

    @Test
    void aTargetsEndReachesTheUserAfterAllBytes() throws Exception {
        byte[] response = Bytes.random(7, MANY);
        try (PlainSocket user = user(RAW);
                PlainSocket served = target.accept()) {
            served.send(response);
            served.finish();
            assertThat(user.awaitEnd()).isEqualTo(End.CLEAN);
            assertThat(user.received()).isEqualTo(response);
        }
    }

    @Test
    void whatEndsOneStreamEndsNoOther() throws Exception {
        try (PlainSocket other = user(ECHO)) {
            other.send(Bytes.of("before"));
            other.awaitReceived(6);
            try (PlainSocket user = user(RAW);
                    PlainSocket served = target.accept()) {
                user.send(Bytes.of("half a requ"));
                served.awaitReceived(11);
                user.reset();
                served.awaitEnd();
            }
            try (PlainSocket user = user(RAW);
                    PlainSocket served = target.accept()) {
                served.send(Bytes.of("half a respo"));
                user.awaitReceived(12);
                served.reset();
                user.awaitEnd();
            }
            try (PlainSocket user = user(REFUSING)) {
                user.awaitEnd();
            }
            other.send(Bytes.of("after"));
            assertThat(other.awaitReceived(11)).isEqualTo(Bytes.of("beforeafter"));
        }
    }
}
