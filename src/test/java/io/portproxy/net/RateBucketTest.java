package io.portproxy.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class RateBucketTest {
    private static final long MILLI = TimeUnit.MILLISECONDS.toNanos(1);
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    @Test
    void reservationsFollowEachOther() {
        RateBucket bucket = new RateBucket(1000, 0, 0);

        assertThat(bucket.reserve(100, 0)).isZero();
        assertThat(bucket.reserve(100, 0)).isEqualTo(100 * MILLI);
        assertThat(bucket.reserve(50, 10 * MILLI)).isEqualTo(200 * MILLI);
        assertThat(bucket.reserve(1, SECOND)).isEqualTo(SECOND); // room that nobody took in the meantime is lost
    }

    @Test
    void thereIsMoreAtOnceAfterAPause() {
        RateBucket bucket = new RateBucket(1000, 50 * MILLI, 0);

        assertThat(bucket.reserve(50, 0)).isEqualTo(-50 * MILLI);
        assertThat(bucket.reserve(50, 0)).isZero();
        assertThat(bucket.reserve(50, 0)).isEqualTo(50 * MILLI);
        assertThat(bucket.reserve(50, 10 * SECOND)).isEqualTo(10 * SECOND - 50 * MILLI);
    }

    @Test
    void whatIsGivenBackIsThereForOthers() {
        RateBucket bucket = new RateBucket(1000, 0, 0);
        bucket.reserve(1000, 0);
        bucket.giveBack(900);

        assertThat(bucket.reserve(1, 0)).isEqualTo(100 * MILLI);
    }

    @Test
    void takesWhatIsThereAsAWholeOrNothing() {
        RateBucket bucket = new RateBucket(2, SECOND, 0);

        assertThat(bucket.tryTake(1, 0)).isTrue();
        assertThat(bucket.tryTake(1, 0)).isTrue();
        assertThat(bucket.tryTake(1, 0)).isFalse();
        assertThat(bucket.isFull(0)).isFalse();
        assertThat(bucket.tryTake(1, SECOND / 2)).isTrue();
        assertThat(bucket.tryTake(1, SECOND / 2)).isFalse();
        assertThat(bucket.isFull(2 * SECOND)).isTrue();
    }

    @Test
    void aLargePieceMayGoIntoDebt() {
        RateBucket bucket = new RateBucket(1000, 50 * MILLI, 0);

        assertThat(bucket.takeIfAny(500, 0)).isTrue();
        assertThat(bucket.takeIfAny(1, 449 * MILLI)).isFalse();
        assertThat(bucket.takeIfAny(1, 450 * MILLI)).isTrue();
    }

    @Test
    void theClockMayWrap() {
        long now = Long.MAX_VALUE - 10 * MILLI;
        RateBucket bucket = new RateBucket(1000, 0, now);

        assertThat(bucket.reserve(100, now)).isEqualTo(now);
        assertThat(bucket.reserve(100, now)).isEqualTo(now + 100 * MILLI);
        assertThat(bucket.takeIfAny(1, now + 150 * MILLI)).isFalse();
        assertThat(bucket.takeIfAny(1, now + 201 * MILLI)).isTrue();
    }
}
