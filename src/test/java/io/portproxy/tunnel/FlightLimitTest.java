package io.portproxy.tunnel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import org.junit.jupiter.api.Test;

/** The limit beside a path of a given rate and round trip, in steps of a tenth of a millisecond, with a clock of its own. */
class FlightLimitTest {
    private static final long STEP = 100_000; // nanoseconds
    private static final long SECOND = 1_000_000_000L;

    private final FlightLimit limit = new FlightLimit();
    private final ArrayDeque<long[]> pings = new ArrayDeque<>(); // opaque, bytes before it
    private final ArrayDeque<long[]> pongs = new ArrayDeque<>(); // opaque, when it comes
    private double bytesAStep;
    private long oneWay;
    private long now = Long.MAX_VALUE - SECOND; // so that it passes the end of its range
    private int frame = 16_384;
    private long sent;
    private double through;
    private long mostQueued;
    private int waiting;

    private FlightLimitTest path(double bytesASecond, long roundTripMillis) {
        bytesAStep = bytesASecond * STEP / SECOND;
        oneWay = roundTripMillis * 1_000_000 / 2;
        return this;
    }

    private void step(boolean bulk) {
        now += STEP;
        probeIfWanted(bulk, 0);
        while (bulk && limit.hasRoom(0)) {
            probeIfWanted(true, frame);
            limit.sent(frame);
            sent += frame;
        }
        mostQueued = Math.max(mostQueued, sent - (long) through);
        through = Math.min((double) sent, through + bytesAStep);
        while (!pings.isEmpty() && pings.peek()[1] <= through) {
            pongs.add(new long[] {pings.remove()[0], now + 2 * oneWay});
        }
        while (!pongs.isEmpty() && pongs.peek()[1] - now <= 0) {
            assertThat(limit.answered(pongs.remove()[0], now, waiting)).isTrue();
        }
    }

    private void probeIfWanted(boolean bulk, long queued) {
        if (bulk && limit.wantsProbe(queued)) {
            limit.probing(now, queued);
            pings.add(new long[] {now, sent + queued});
        }
    }

    private double carriedIn(double seconds) {
        double before = through;
        mostQueued = 0;
        for (long end = now + (long) (seconds * SECOND); now - end < 0; ) {
            step(true);
        }
        return (through - before) / seconds;
    }

    @Test
    void fillsALongFatPathSoon() {
        path(125e6, 200).carriedIn(2);
        assertThat(carriedIn(5)).isGreaterThan(0.95 * 125e6);
    }

    @Test
    void leavesLittleInTheQueueOfAPathThatItFills() {
        path(125e6, 200).carriedIn(5);
        carriedIn(30);
        assertThat(mostQueued).as("three quarters of what the path holds").isLessThan((long) (0.75 * 0.2 * 125e6));
    }

    @Test
    void neverWaitsOnAShortPath() {
        assertThat(path(1e9, 0).carriedIn(1)).isGreaterThan(0.99e9);
        assertThat(limit.limit()).isGreaterThanOrEqualTo(FlightLimit.START);
    }

    @Test
    void leavesLittleInTheQueueWhileThereAreSmallMessages() {
        path(125e6, 2).carriedIn(2);
        assertThat(limit.limit()).isGreaterThanOrEqualTo(FlightLimit.START);
        carriedInWithSmallMessages(1);
        double carried = carriedInWithSmallMessages(5);
        assertThat(carried).isGreaterThan(0.9 * 125e6);
        assertThat(mostQueued).isLessThan((long) (0.75 * 0.002 * 125e6) + FlightLimit.MIN);
        carriedIn(2);
        assertThat(limit.limit()).as("bulk alone again").isGreaterThanOrEqualTo(FlightLimit.START);
    }

    @Test
    void leavesLittleInTheQueueOfAShortPathWhileThereAreSmallMessages() {
        path(1e9, 0).carriedIn(1);
        carriedInWithSmallMessages(1);
        assertThat(limit.limit()).isEqualTo(FlightLimit.MIN);
        assertThat(carriedInWithSmallMessages(5)).isGreaterThan(0.9e9);
    }

    @Test
    void measuresASlowPathWithoutTheTimeOfItsOwnFrames() {
        frame = 256 * 1024; // 21 ms
        path(12.5e6, 50).carriedIn(3);
        assertThat(carriedIn(60)).isGreaterThan(0.97 * 12.5e6);
        assertThat(limit.limit()).isLessThan((long) (1.4 * 0.05 * 12.5e6 + 0.01 * 12.5e6));
    }

    @Test
    void findsOutThatAPathHasALongerRoundTripThanBefore() {
        frame = 256 * 1024;
        path(12.5e6, 50).carriedIn(3);
        path(12.5e6, 100).carriedIn(20);
        assertThat(carriedIn(20)).isGreaterThan(0.95 * 12.5e6);
    }

    @Test
    void takesAFewPercentForNoFasterPath() {
        path(10.6e6, 50).carriedIn(0.5); // one round of the start is slower than the path
        path(12.5e6, 50).carriedIn(5);
        path(14.5e6, 50);
        long most = 0;
        for (int i = 0; i < 50_000; i++) {
            step(true);
            most = Math.max(most, limit.limit());
        }
        assertThat(most).isLessThan((long) (1.7 * 0.05 * 14.5e6));
    }

    @Test
    void letsLittleBeUnderWayOnAShortPathForACrowd() {
        path(1e9, 0).carriedIn(1);
        waiting = FlightLimit.CROWD;
        assertThat(carriedIn(1)).isGreaterThan(0.99e9);
        assertThat(limit.limit()).isEqualTo(FlightLimit.CROWD_MAX);
        waiting--;
        carriedIn(1);
        assertThat(limit.limit()).isGreaterThan(FlightLimit.CROWD_MAX);
    }

    @Test
    void fillsALongFatPathForACrowd() {
        waiting = FlightLimit.CROWD;
        path(125e6, 200).carriedIn(2);
        assertThat(carriedIn(5)).isGreaterThan(0.95 * 125e6);
    }

    private double carriedInWithSmallMessages(int seconds) {
        double all = 0;
        long queued = 0;
        for (int i = 0; i < seconds * 20; i++) {
            limit.smallMessage(now);
            all += carriedIn(0.05);
            queued = Math.max(queued, mostQueued);
        }
        mostQueued = queued;
        return all / (seconds * 20);
    }

    @Test
    void findsARateThatHasFallenAndARateThatHasRisen() {
        path(125e6, 50).carriedIn(3);
        path(12.5e6, 50).carriedIn(5);
        carriedIn(20);
        assertThat(mostQueued).as("of the slower path").isLessThan((long) (0.5 * 0.05 * 12.5e6) + FlightLimit.START);
        path(125e6, 50).carriedIn(5);
        assertThat(carriedIn(5)).isGreaterThan(0.9 * 125e6);
    }

    @Test
    void remembersThePathWhileLittleIsSent() {
        path(125e6, 100).carriedIn(4);
        long found = limit.limit();
        for (int i = 0; i < 60 * 10_000; i++) {
            step(false);
            if (i % 50_000 == 0) {
                limit.probing(now, 0);
                pings.add(new long[] {now, sent});
            }
        }
        assertThat(limit.limit()).isBetween(found / 2, found * 2);
        assertThat(carriedIn(2)).isGreaterThan(0.9 * 125e6);
    }

    @Test
    void knowsAPongThatAnswersNothing() {
        limit.probing(1, 0);
        assertThat(limit.answered(2, 5, 0)).isFalse();
        assertThat(limit.lastRoundTrip()).isNegative();
        assertThat(limit.answered(1, 5, 0)).isTrue();
        assertThat(limit.lastRoundTrip()).isEqualTo(4);
        assertThat(limit.answered(1, 6, 0)).as("twice").isFalse();
    }

    @Test
    void goesOnWhenAPeerHasLeftPingsUnanswered() {
        for (int i = 0; i < 100; i++) {
            limit.sent(FlightLimit.START);
            limit.probing(i, 0);
        }
        assertThat(limit.hasRoom(0)).isFalse();
        assertThat(limit.answered(3, 1000, 0)).as("forgotten").isFalse();
        assertThat(limit.answered(99, 1000, 0)).isTrue();
        assertThat(limit.hasRoom(0)).isTrue();
    }
}
