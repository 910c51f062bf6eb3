package io.portproxy.mux;

import static org.assertj.core.api.Assertions.assertThat;

import io.portproxy.protocol.Identity;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class IdentitiesTest {
    private static final Instant START = Instant.parse("2026-03-04T05:06:07.089Z");

    @Test
    void countUp() {
        Identities identities = new Identities(START);

        long first = identities.next();

        assertThat(identities.next()).isEqualTo(first + 1);
        assertThat(identities.next()).isEqualTo(first + 2);
    }

    @Test
    void startWhereTheClockSays() {
        assertThat(Identity.format(new Identities(Instant.ofEpochSecond(0x1234_5678L)).next()))
                .isEqualTo("123456780000");
    }

    @Test
    void areNotThoseOfTheServerBeforeARestart() {
        Identities before = new Identities(START);
        long last = LongStream.generate(before::next).limit(65_536).max().orElseThrow();

        Identities after = new Identities(START.plusSeconds(1));

        assertThat(after.next()).isGreaterThan(last);
    }

    @Test
    void wrapAt48Bits() {
        Identities identities = new Identities(Instant.ofEpochSecond(0xffff_ffffL));

        long last = LongStream.generate(identities::next).limit(65_536).max().orElseThrow();

        assertThat(last).isEqualTo(0xffff_ffff_ffffL);
        assertThat(identities.next()).isZero();
        assertThat(identities.next()).isEqualTo(1);
    }

    @Test
    void stayWithin48BitsBeyondTheYear2106() {
        assertThat(new Identities(Instant.ofEpochSecond(0x1_0000_0001L)).next()).isEqualTo(0x1_0000L);
    }

    @Test
    void areNotGivenTwiceToThreadsThatRace() throws Exception {
        Identities identities = new Identities(START);
        Callable<long[]> many =
                () -> LongStream.generate(identities::next).limit(20_000).toArray();
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            LongStream.Builder all = LongStream.builder();
            for (Future<long[]> each : threads.invokeAll(List.of(many, many, many, many))) {
                LongStream.of(each.get()).forEach(all);
            }
            assertThat(all.build().distinct().count()).isEqualTo(80_000);
        } finally {
            threads.shutdownNow();
        }
    }
}
