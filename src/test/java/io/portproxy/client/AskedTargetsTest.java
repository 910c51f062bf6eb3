package io.portproxy.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class AskedTargetsTest {
    /** A clock that advances by one millisecond at each reading. */
    private static final class Ticking extends Clock {
        private long millis;

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }

        @Override
        public Instant instant() {
            return Instant.ofEpochMilli(++millis);
        }
    }

    private final AskedTargets targets = new AskedTargets(2, new Ticking());

    private static Optional<Instant> at(long millis) {
        return Optional.of(Instant.ofEpochMilli(millis));
    }

    @Test
    void countsWhatWasAskedForAndWhatWasDenied() {
        targets.denied("127.0.0.1:1");
        targets.allowed("127.0.0.1:2");
        targets.denied("127.0.0.1:1");
        targets.allowed("127.0.0.1:2");

        assertThat(targets.view())
                .containsExactly(
                        new AskedTarget("127.0.0.1:2", 2, 0, Instant.ofEpochMilli(4), Optional.empty()),
                        new AskedTarget("127.0.0.1:1", 2, 2, Instant.ofEpochMilli(3), at(3)));
        assertThat(targets.forgotten()).isZero();
    }

    @Test
    void forgetsWhatWasAskedForTheLongestAgo() {
        targets.allowed("a:1");
        targets.denied("b:1");
        targets.allowed("a:1");

        targets.denied("c:1");

        assertThat(targets.view()).extracting(AskedTarget::target).containsExactly("c:1", "a:1");
        assertThat(targets.forgotten()).isEqualTo(1);
    }
}
