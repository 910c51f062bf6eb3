package io.portproxy.tunnel;

import static io.portproxy.testing.StreamBed.ECHO;
import static io.portproxy.testing.StreamBed.RAW;
import static io.portproxy.testing.StreamBed.REFUSING;
import static org.assertj.core.api.Assertions.assertThat;

import io.portproxy.testing.Bytes;
import io.portproxy.testing.PlainSocket;
import io.portproxy.testing.PlainSocket.End;
import io.portproxy.testing.Speech;
import io.portproxy.testing.StreamBed;
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
    private static final int MANY = 3_000_000;

    private final Speech speech;
    private StreamBed bed;

    StreamsTest(Speech speech) {
        this.speech = speech;
    }

    @BeforeEach
    void start() throws Exception {
        bed = new StreamBed(speech);
    }

    @AfterEach
    void stop() throws Exception {
        bed.close();
    }

    @Test
    void bytesSentAtOnceWithTheConnectionWaitForTheTarget() throws Exception {
        byte[] early = Bytes.random(6, 100_000);
        try (PlainSocket user = bed.user(RAW)) {
            user.send(early);
            user.finish();
            try (PlainSocket served = bed.target().accept()) {
                assertThat(served.awaitEnd()).isEqualTo(End.CLEAN);
                assertThat(served.received()).isEqualTo(early);
            }
        }
    }

    @Test
    void aTargetsEndReachesTheUserAfterAllBytes() throws Exception {
        byte[] response = Bytes.random(7, MANY);
        try (PlainSocket user = bed.user(RAW);
                PlainSocket served = bed.target().accept()) {
            served.send(response);
            served.finish();
            assertThat(user.awaitEnd()).isEqualTo(End.CLEAN);
            assertThat(user.received()).isEqualTo(response);
        }
    }

    @Test
    void whatEndsOneStreamEndsNoOther() throws Exception {
        try (PlainSocket other = bed.user(ECHO)) {
            other.send(Bytes.of("before"));
            other.awaitReceived(6);
            try (PlainSocket user = bed.user(RAW);
                    PlainSocket served = bed.target().accept()) {
                user.send(Bytes.of("half a requ"));
                served.awaitReceived(11);
                user.reset();
                served.awaitEnd();
            }
            try (PlainSocket user = bed.user(RAW);
                    PlainSocket served = bed.target().accept()) {
                served.send(Bytes.of("half a respo"));
                user.awaitReceived(12);
                served.reset();
                user.awaitEnd();
            }
            try (PlainSocket user = bed.user(REFUSING)) {
                user.awaitEnd();
            }
            other.send(Bytes.of("after"));
            assertThat(other.awaitReceived(11)).isEqualTo(Bytes.of("beforeafter"));
        }
    }
}
