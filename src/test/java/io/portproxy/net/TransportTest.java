package io.portproxy.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.portproxy.net.tls.TlsBed;
import java.nio.channels.SelectionKey;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Tests what every stream under a tunnel does, plain or with TLS. */
class TransportTest {
    private final TlsBed bed = new TlsBed();

    enum Kind {
        PLAIN,
        TLS_1_2,
        TLS_1_3
    }

    @AfterEach
    void nothingIsLeft() {
        bed.close();
    }

    private TransportEnd[] connect(Kind kind) {
        if (kind == Kind.PLAIN) {
            bed.plainServer = true;
            TransportEnd client = bed.dialPlain();
            return new TransportEnd[] {client, bed.serverResult().up()};
        }
        bed.client = TlsBed.only(kind == Kind.TLS_1_2 ? "TLSv1.2" : "TLSv1.3", bed.client);
        bed.dial();
        return new TransportEnd[] {bed.clientResult().up(), bed.serverResult().up()};
    }

    private static byte[] bytes(long seed, int size) {
        byte[] bytes = new byte[size];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    @ParameterizedTest
    @EnumSource
    void carriesBothDirectionsExactlyInPiecesOfAnySize(Kind kind) {
        TransportEnd[] ends = connect(kind);
        for (int i = 0; i < 2; i++) {
            Random random = new Random(i);
            ends[i].pieces(() -> 1 + random.nextInt(60_000), () -> 1 + random.nextInt(100_000));
        }
        byte[] up = bytes(1, 6_000_000);
        byte[] down = bytes(2, 5_000_000);
        ends[0].send(up);
        ends[1].send(down);
        ends[1].awaitReceived(up.length);
        ends[0].awaitReceived(down.length);
        assertThat(Arrays.equals(ends[1].received(), up)).isTrue();
        assertThat(Arrays.equals(ends[0].received(), down)).isTrue();
    }

    @ParameterizedTest
    @EnumSource
    void servesReadersWithTinyBuffers(Kind kind) {
        TransportEnd[] ends = connect(kind);
        Random random = new Random(3);
        ends[1].pieces(() -> 1 + random.nextInt(300), () -> 1);
        byte[] up = bytes(4, 200_000);
        ends[0].send(up);
        ends[1].awaitReceived(up.length);
        assertThat(Arrays.equals(ends[1].received(), up)).isTrue();
    }

    @ParameterizedTest
    @EnumSource
    void holdsTheWriterWhenTheReaderStops(Kind kind) {
        TransportEnd[] ends = connect(kind);
        ends[1].reading(false);
        byte[] up = bytes(5, 64 * 1024 * 1024);
        ends[0].send(up);
        await().until(() -> ends[0].transport().socket().isOpen() && ends[0].unsent() < up.length);
        int[] before = {-1};
        await().until(() -> {
            int now = ends[0].unsent();
            boolean steady = now == before[0];
            before[0] = now;
            return steady;
        });
        assertThat(ends[0].unsent()).isGreaterThan(up.length / 2);
        ends[1].reading(true);
        ends[1].awaitReceived(up.length);
        assertThat(Arrays.equals(ends[1].received(), up)).isTrue();
    }

    @ParameterizedTest
    @EnumSource
    void endsCleanlyBehindTheLastByte(Kind kind) {
        TransportEnd[] ends = connect(kind);
        ends[1].reading(false);
        byte[] up = bytes(6, 3_000_000);
        ends[0].send(up);
        ends[1].reading(true);
        await().until(() -> ends[0].unsent() == 0);
        ends[0].finish();
        assertThat(ends[1].ended()).isEqualTo("clean");
        assertThat(Arrays.equals(ends[1].received(), up)).isTrue();
    }

    @ParameterizedTest
    @EnumSource
    void tellsAResetFromAnEnd(Kind kind) {
        TransportEnd[] ends = connect(kind);
        ends[0].reset();
        assertThat(ends[1].ended()).contains("reset");
    }

    @ParameterizedTest
    @EnumSource
    void movesToAnotherLoopWithWhatItHolds(Kind kind) {
        TransportEnd[] ends = connect(kind);
        ends[0].reading(false);
        ends[1].reading(false);
        byte[] up = bytes(7, 20_000_000);
        byte[] down = bytes(8, 100_000);
        ends[1].send(down);
        ends[0].send(up); // more than the socket takes: the transport keeps some bytes
        ends[0].pieces(() -> 10, () -> Integer.MAX_VALUE); // less than it reads from the socket: it keeps the rest
        ends[0].readUpTo(10);
        ends[0].awaitReceived(10);
        ends[0].moveTo(bed.serverLoop());
        ends[0].readUpTo(Integer.MAX_VALUE);
        ends[1].reading(true);
        ends[1].awaitReceived(up.length);
        ends[0].awaitReceived(down.length);
        assertThat(Arrays.equals(ends[1].received(), up)).isTrue();
        assertThat(Arrays.equals(ends[0].received(), down)).isTrue();
    }

    @Test
    void waitsForReadingAndWritingAsAsked() {
        TransportEnd[] ends = connect(Kind.TLS_1_3);
        Transport transport = ends[0].transport();
        assertThat(ends[0].call(() -> transport.interest(false, false))).isZero();
        assertThat(ends[0].call(() -> transport.interest(true, false))).isEqualTo(SelectionKey.OP_READ);
        assertThat(ends[0].call(() -> transport.interest(true, true)))
                .isEqualTo(SelectionKey.OP_READ | SelectionKey.OP_WRITE);
    }

    @Test
    void tellsWhenATlsStreamWasCut() {
        TransportEnd[] ends = connect(Kind.TLS_1_3);
        byte[] up = bytes(9, 1000);
        ends[0].send(up);
        ends[1].awaitReceived(up.length);
        ends[0].cut();
        assertThat(ends[1].ended())
                .isEqualTo(
                        "the client ended the connection without TLS's close_notify: what it sent may have been cut");
        assertThat(ends[1].received()).isEqualTo(up);
    }
}
