package io.portproxy.tunnel.connection;

import static org.assertj.core.api.Assertions.assertThat;

import io.portproxy.protocol.Wire;
import java.util.ArrayDeque;
import org.junit.jupiter.api.Test;

/** Tests the limit with a simulated path of a given rate and round trip, in steps of 0.1 ms, with a clock of its own. */
class InFlightLimitTest {
    private static final long STEP = 100_000; // nanoseconds
    private static final long SECOND = 1_000_000_000L;

    private final InFlightLimit limit = new InFlightLimit();
    private final ArrayDeque<long[]> pings = new ArrayDeque<>(); // opaque value, bytes before it
    private final ArrayDeque<long[]> pongs = new ArrayDeque<>(); // opaque value, time of arrival
    private double bytesAStep;
    private long oneWay;
    private long now = Long.MAX_VALUE - SECOND; // so that it passes the end of its range
    private int frame = 16_384;
    private long sent;
    private double through;
    private long mostQueued;
    private int waiting;
    private boolean stalled;

    private InFlightLimitTest path(double bytesASecond, long roundTripMillis) {
        bytesAStep = bytesASecond * STEP / SECOND;
        oneWay = roundTripMillis * 1_000_000 / 2;
        return this;
    }

    private void step(boolean bulk) {
        step(bulk ? Long.MAX_VALUE : 0);
    }

    /** Sends that many bytes or a few more, or as many as there is room for, and returns how many. */
    private long step(long most) {
        now += STEP;
        long before = sent;
        if (most > 0) {
            probeIfWanted(0);
        }
        while (sent - before < most && limit.hasRoom(0)) {
            probeIfWanted(frame);
            send(frame);
        }
        carry();
        return sent - before;
    }

    private void send(long bytes) {
        limit.sent(bytes);
        sent += bytes;
    }

    private void carry() {
        mostQueued = Math.max(mostQueued, sent - (long) through);
        through = Math.min((double) sent, through + bytesAStep);
        while (!pings.isEmpty() && pings.peek()[1] <= through) {
            pongs.add(new long[] {pings.remove()[0], now + 2 * oneWay});
        }
        while (!stalled && !pongs.isEmpty() && pongs.peek()[1] - now <= 0) {
            assertThat(limit.answered(pongs.remove()[0], now, waiting)).isTrue();
            probeIfWanted(0);
        }
    }

    private void probeIfWanted(long queued) {
        if (limit.wantsProbe(queued)) {
            probe(queued);
        }
    }

    private void probe(long queued) {
        limit.probing(now, queued);
        pings.add(new long[] {now, sent + queued});
        send(Wire.PING_LENGTH);
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
        assertThat(limit.limit()).isGreaterThanOrEqualTo(InFlightLimit.START);
    }

    @Test
    void leavesLittleInTheQueueWhileThereAreSmallMessages() {
        path(125e6, 2).carriedIn(2);
        assertThat(limit.limit()).isGreaterThanOrEqualTo(InFlightLimit.START);
        carriedInWithSmallMessages(1);
        double carried = carriedInWithSmallMessages(5);
        assertThat(carried).isGreaterThan(0.9 * 125e6);
        assertThat(mostQueued).isLessThan((long) (0.75 * 0.002 * 125e6) + InFlightLimit.MIN);
        carriedIn(2);
        assertThat(limit.limit()).as("bulk alone again").isGreaterThanOrEqualTo(InFlightLimit.START);
    }

    @Test
    void leavesLittleInTheQueueOfAShortPathWhileThereAreSmallMessages() {
        path(1e9, 0).carriedIn(1);
        carriedInWithSmallMessages(1);
        assertThat(limit.limit()).isEqualTo(InFlightLimit.MIN);
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
        path(12.5e6, 50).carriedIn(10);
        assertThat(limit.limit()).as("50 ms are known").isLessThan((long) (0.08 * 12.5e6));
        path(12.5e6, 100).carriedIn(20);
        assertThat(carriedIn(20)).isGreaterThan(0.97 * 12.5e6);
        assertThat(limit.limit()).isBetween((long) (0.12 * 12.5e6), (long) (0.16 * 12.5e6));
    }

    @Test
    void isBackSoonAfterAStall() {
        path(125e6, 50).carriedIn(7);
        for (int i = 1; i <= 5; i++) {
            path(125e6, 50 + 5 * i); // so that no later trip is as short as the trips before
            stall(6);
            carriedIn(0.5);
            assertThat(limit.limit()).as("stall %s", i).isGreaterThan((long) (0.05 * 125e6));
            assertThat(carriedIn(1)).isGreaterThan(0.85 * 125e6);
            carriedIn(10);
        }
    }

    /** Lets the sent bytes arrive, but no answer comes back. */
    private void stall(double seconds) {
        stalled = true;
        carriedIn(seconds);
        stalled = false;
    }

    @Test
    void doesNotTakeAStallForTheRoundTrip() {
        path(125e6, 50).carriedIn(7);
        stall(10);
        carriedIn(2);
        assertThat(limit.limit()).isLessThan((long) (0.08 * 125e6));
    }

    @Test
    void doesNotTakeIdleTimesForALowerRate() {
        path(125e6, 50).carriedIn(3);
        for (int i = 0; i < 20; i++) {
            assertThat(mostInBurst(8_000_000)).as("burst %s", i).isBetween((long) (0.05 * 125e6), (long) (0.1 * 125e6));
        }
    }

    /** Sends that many bytes, is idle for the rest of a second, and returns the highest limit. */
    private long mostInBurst(long bytes) {
        long rest = bytes;
        long most = 0;
        for (int i = 0; i < 10_000; i++) {
            rest -= step(rest);
            most = Math.max(most, limit.limit());
        }
        assertThat(rest).isNotPositive();
        return most;
    }

    @Test
    void doesNotTakeWhatWasSentBeforeForAHigherRate() {
        frame = 64;
        path(1.25e6, 1).carriedIn(3);
        for (int i = 0; i < 1000 * 10_000; i++) {
            step(i % 20 == 0 ? 1 : 0);
        }
        assertThat(limit.limit()).isEqualTo(InFlightLimit.MIN);
    }

    @Test
    void isNotLowerAtTheStartThanBeforeTheFirstPong() {
        path(125e6, 50);
        probe(0);
        carriedInIdle(0.1);
        assertThat(limit.limit()).isEqualTo(InFlightLimit.START);
        carriedInIdle(1);
        probe(0);
        limit.smallMessage(now);
        carriedInIdle(0.1);
        assertThat(limit.limit()).as("beside small messages").isEqualTo(InFlightLimit.MIN);
    }

    private void carriedInIdle(double seconds) {
        for (long end = now + (long) (seconds * SECOND); now - end < 0; ) {
            step(false);
        }
    }

    @Test
    void drainsNothingWhileItIsIdle() {
        path(125e6, 50).carriedIn(10);
        for (int i = 0; i < 20; i++) {
            path(125e6, 50 + i % 2 * 10);
            probe(0);
            carriedInIdle(20);
            assertThat(limit.limit()).as("heartbeat %s", i).isGreaterThan((long) (0.05 * 125e6));
        }
    }

    @Test
    void doesNotTakeAShortQueueForTheRoundTripWhileItIsIdle() {
        path(12.5e6, 50).carriedIn(10);
        carriedInIdle(20);
        send(300_000);
        probe(0);
        carriedInIdle(1);
        carriedIn(1);
        assertThat(limit.limit()).isLessThan((long) (0.08 * 12.5e6));
    }

    @Test
    void takesAFewPercentForNoFasterPath() {
        path(10.6e6, 50);
        probe(0);
        carriedInIdle(0.1);
        carriedIn(0.2); // one round at the start is slower than the path
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
        waiting = InFlightLimit.CROWD;
        assertThat(carriedIn(1)).isGreaterThan(0.99e9);
        assertThat(limit.limit()).isEqualTo(InFlightLimit.CROWD_MAX);
        waiting--;
        carriedIn(1);
        assertThat(limit.limit()).isGreaterThan(InFlightLimit.CROWD_MAX);
    }

    @Test
    void takesLongTurnsOfACrowdForNoLongerPath() {
        path(1e9, 0).carriedIn(1);
        waiting = InFlightLimit.CROWD;
        path(1e9, 20).carriedIn(2);
        assertThat(limit.limit()).isEqualTo(InFlightLimit.CROWD_MAX);
    }

    @Test
    void fillsALongFatPathForACrowd() {
        waiting = InFlightLimit.CROWD;
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
        assertThat(mostQueued).as("of the slower path").isLessThan((long) (0.5 * 0.05 * 12.5e6) + InFlightLimit.START);
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
                probe(0);
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
            limit.sent(InFlightLimit.START);
            limit.probing(i, 0);
        }
        assertThat(limit.hasRoom(0)).isFalse();
        assertThat(limit.answered(3, 1000, 0)).as("forgotten").isFalse();
        assertThat(limit.answered(99, 1000, 0)).isTrue();
        assertThat(limit.hasRoom(0)).isTrue();
    }
}
