package io.portproxy.tunnel;

import static io.portproxy.testing.StreamBed.ECHO;
import static io.portproxy.testing.StreamBed.RAW;
import static io.portproxy.testing.StreamBed.REFUSING;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.portproxy.testing.Bytes;
import io.portproxy.testing.LogRecorder;
import io.portproxy.testing.PlainSocket;
import io.portproxy.testing.PlainSocket.End;
import io.portproxy.testing.Speech;
import io.portproxy.testing.StreamBed;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Tests both roles with a token over plain sockets: bytes, half-closes and resets, each in both directions. {@link StreamsTest} has the
 * rest.
 */
class ExtendedStreamsTest {
    private static final int MANY = 3_000_000;

    private StreamBed bed;

    @BeforeEach
    void start() throws Exception {
        bed = new StreamBed(Speech.EXTENDED);
    }

    @AfterEach
    void stop() throws Exception {
        bed.close();
    }

    @Test
    void manyStreamsCarryTheirBytesBothWaysAndEndCleanly() throws Exception {
        ExecutorService users = Executors.newFixedThreadPool(40);
        List<Future<Void>> results = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            int seed = i;
            results.add(users.submit(() -> echoes(seed)));
        }
        for (Future<Void> result : results) {
            result.get(120, TimeUnit.SECONDS);
        }
        users.shutdown();
    }

    private Void echoes(int seed) throws Exception {
        byte[] sent = Bytes.random(seed, new Random(seed).nextInt(700_000));
        try (PlainSocket user = bed.user(ECHO)) {
            Random random = new Random(seed);
            for (int start = 0; start < sent.length; ) {
                int end = Math.min(sent.length, start + 1 + random.nextInt(90_000));
                user.send(java.util.Arrays.copyOfRange(sent, start, end));
                start = end;
            }
            user.finish();
            assertThat(user.awaitEnd()).isEqualTo(End.CLEAN);
            assertThat(user.received()).isEqualTo(sent);
        }
        return null;
    }

    @Test
    void aTargetAnswersAfterTheUserHasShutItsOutputDown() throws Exception {
        byte[] request = Bytes.random(1, MANY);
        byte[] response = Bytes.random(2, MANY);
        try (PlainSocket user = bed.user(RAW)) {
            PlainSocket served = bed.target().accept();
            user.send(request);
            user.finish();
            assertThat(served.awaitEnd()).isEqualTo(End.CLEAN);
            assertThat(served.received()).isEqualTo(request);
            assertThat(user.end()).isEmpty();
            served.send(response);
            served.finish();
            assertThat(user.awaitEnd()).isEqualTo(End.CLEAN);
            assertThat(user.received()).isEqualTo(response);
        }
    }

    @Test
    void aUserGoesOnAfterTheTargetHasShutItsOutputDown() throws Exception {
        byte[] greeting = Bytes.random(3, MANY);
        byte[] upload = Bytes.random(4, MANY);
        try (PlainSocket user = bed.user(RAW)) {
            PlainSocket served = bed.target().accept();
            served.send(greeting);
            served.finish();
            assertThat(user.awaitEnd()).isEqualTo(End.CLEAN);
            assertThat(user.received()).isEqualTo(greeting);
            user.send(upload);
            assertThat(served.awaitReceived(upload.length)).isEqualTo(upload);
            assertThat(served.end()).isEmpty();
            user.finish();
            assertThat(served.awaitEnd()).isEqualTo(End.CLEAN);
            assertThat(served.received()).isEqualTo(upload);
        }
    }

    @Test
    void aUserThatSendsNothingButAFinIsHeard() throws Exception {
        try (PlainSocket user = bed.user(RAW)) {
            PlainSocket served = bed.target().accept();
            user.finish();
            assertThat(served.awaitEnd()).isEqualTo(End.CLEAN);
            served.finish();
            assertThat(user.awaitEnd()).isEqualTo(End.CLEAN);
        }
    }

    @Test
    void aUsersRstReachesTheTarget() throws Exception {
        PlainSocket user = bed.user(RAW);
        PlainSocket served = bed.target().accept();
        user.send(Bytes.of("half a requ"));
        served.awaitReceived(11);
        user.reset();
        assertThat(served.awaitEnd()).isEqualTo(End.RESET);
    }

    @Test
    void aTargetsRstReachesTheUser() throws Exception {
        try (PlainSocket user = bed.user(RAW)) {
            PlainSocket served = bed.target().accept();
            served.send(Bytes.of("half a respo"));
            user.awaitReceived(12);
            served.reset();
            assertThat(user.awaitEnd()).isEqualTo(End.RESET);
        }
    }

    @Test
    void aUsersRstReachesATargetThatHasEndedItsDirection() throws Exception {
        PlainSocket user = bed.user(RAW);
        PlainSocket served = bed.target().accept();
        served.pauseReading(true);
        served.finish();
        assertThat(user.awaitEnd()).isEqualTo(End.CLEAN);
        user.reset();
        served.pauseReading(false);
        assertThat(served.awaitEnd()).isEqualTo(End.RESET);
    }

    @Test
    void aTargetsRstReachesAUserThatHasEndedItsDirection() throws Exception {
        try (PlainSocket user = bed.user(RAW)) {
            PlainSocket served = bed.target().accept();
            user.finish();
            assertThat(served.awaitEnd()).isEqualTo(End.CLEAN);
            served.reset();
            assertThat(user.awaitEnd()).isEqualTo(End.RESET);
        }
    }

    @Test
    void aUsersRstReachesATargetForWhichBytesWait() throws Exception {
        PlainSocket served;
        try (Socket user = new Socket()) {
            user.connect(bed.exposed(RAW));
            served = bed.target().accept();
            served.pauseReading(true);
            user.getOutputStream().write(Bytes.random(5, 200_000));
            user.setSoLinger(true, 0);
        }
        served.pauseReading(false);
        assertThat(served.awaitEnd()).isEqualTo(End.RESET);
    }

    @Test
    void aRefusedTargetReachesTheUserAsRst() throws Exception {
        try (LogRecorder log = new LogRecorder();
                PlainSocket user = bed.user(REFUSING)) {
            assertThat(user.awaitEnd()).isEqualTo(End.RESET);
            assertThat(user.size()).isZero();
            await().until(() -> !log.linesWith("target refused").isEmpty());
            assertThat(log.linesWith("target refused").get(0)).startsWith("INFO");
        }
        assertEchoes();
    }

    @Test
    void whatEndsOneStreamEndsNoOther() throws Exception {
        try (PlainSocket other = bed.user(ECHO)) {
            other.send(Bytes.of("before"));
            other.awaitReceived(6);
            aUsersRstReachesTheTarget();
            aTargetsRstReachesTheUser();
            aRefusedTargetReachesTheUserAsRst();
            other.send(Bytes.of("after"));
            assertThat(other.awaitReceived(11)).isEqualTo(Bytes.of("beforeafter"));
        }
    }

    private void assertEchoes() throws Exception {
        try (PlainSocket user = bed.user(ECHO)) {
            user.send(Bytes.of("still there"));
            assertThat(user.awaitReceived(11)).isEqualTo(Bytes.of("still there"));
        }
    }
}
