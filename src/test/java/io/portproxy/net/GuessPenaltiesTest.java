package io.portproxy.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class GuessPenaltiesTest {
    private static final int FREE = 3;
    private static final String HOME = "192.0.2.1";
    private static final long SECOND = Duration.ofSeconds(1).toNanos();

    private final GuessPenalties penalties = new GuessPenalties(Duration.ofSeconds(1), FREE);
    private long now = -5;
    private int guesses;

    private long guess(String address) {
        return tried(address, "alice", "guess " + guesses++);
    }

    private long tried(String address, String name, String password) {
        return penalties.failed(Networks.of(address), name, Optional.of(password), now);
    }

    @Test
    void letsPeopleMistypeAndThenWaitsTwiceAsLongEachTime() {
        for (int i = 0; i < FREE; i++) {
            assertThat(guess(HOME)).isZero();
            assertThat(penalties.waitNanos(HOME, now)).isZero();
        }
        for (int i = 0; i < GuessPenalties.MAX_DOUBLINGS; i++) {
            assertThat(guess(HOME)).isEqualTo(SECOND << i);
        }
        for (int i = 0; i < 100; i++) {
            assertThat(guess(HOME)).isEqualTo(64 * SECOND);
        }
        now += 10;
        assertThat(penalties.waitNanos(HOME, now)).isEqualTo(64 * SECOND - 10);
        assertThat(penalties.waitNanos("192.0.2.2", now)).isZero();
        now += 64 * SECOND;
        assertThat(penalties.waitNanos(HOME, now)).isZero();
    }

    @Test
    void tellsWhetherAPasswordIsTheOneBefore() {
        Optional<String> old = Optional.of("old");
        assertThat(penalties.isRepeated(HOME, old)).isFalse();
        tried(HOME, "scraper", "old");
        assertThat(penalties.isRepeated(HOME, old)).isTrue();
        assertThat(penalties.isRepeated(HOME, Optional.of("new"))).isFalse();
        assertThat(penalties.isRepeated("192.0.2.2", old)).isFalse();
        assertThat(penalties.isRepeated(HOME, Optional.empty())).isFalse();
    }

    @Test
    void doesNotTakeARepeatedPasswordForAGuess() {
        for (int i = 0; i < 100; i++) {
            assertThat(tried(HOME, "scraper", "old")).isEqualTo(i == 0 ? 0 : SECOND);
        }
        assertThat(tried(HOME, "scraper", "new")).isZero();
    }

    @Test
    void forgetsWhereTheSameNameThenGivesTheRightPassword() {
        for (int i = 0; i < 20; i++) {
            guess(HOME);
        }
        penalties.succeeded(HOME, "bob");
        assertThat(penalties.waitNanos(HOME, now)).isPositive();

        penalties.succeeded(HOME, "alice");
        assertThat(penalties.waitNanos(HOME, now)).isZero();
        assertThat(guess(HOME)).isZero();
    }

    @Test
    void forgetsAfterAWhile() {
        for (int i = 0; i < 20; i++) {
            guess(HOME);
        }
        now += Duration.ofMinutes(11).toNanos();

        assertThat(guess(HOME)).isZero();
    }

    @Test
    void countsAnIpv6NetworkAsOneAddress() {
        for (int i = 0; i < 20; i++) {
            guess("2001:db8:1:2::" + i);
        }

        assertThat(penalties.size()).isEqualTo(1);
        assertThat(penalties.waitNanos(Networks.of("2001:db8:1:2:ffff::"), now)).isPositive();
        assertThat(penalties.waitNanos(Networks.of("2001:db8:1:3::1"), now)).isZero();
    }

    @Test
    void remembersABoundedNumberOfAddresses() {
        for (int i = 0; i < 20; i++) {
            guess(HOME);
        }
        for (int i = 0; i < 2 * GuessPenalties.MAX_NETWORKS; i++) {
            guess("10.0." + i / 256 + "." + i % 256);
            penalties.waitNanos(HOME, now);
        }

        assertThat(penalties.size()).isEqualTo(GuessPenalties.MAX_NETWORKS);
        assertThat(penalties.waitNanos(HOME, now))
                .as("who goes on is not forgotten")
                .isPositive();
    }

    @Test
    void canBeTurnedOff() {
        GuessPenalties off = new GuessPenalties(Duration.ZERO, FREE);
        for (int i = 0; i < 20; i++) {
            assertThat(off.failed(HOME, "alice", Optional.of("guess " + i), now))
                    .isZero();
        }
        assertThat(off.waitNanos(HOME, now)).isZero();
    }

    @Test
    void keepsWhatWasTriedForAnotherNameWhenOnesOwnSecretIsRight() {
        for (int i = 0; i < 20; i++) {
            tried(HOME, "alice", "guess " + i);
            tried(HOME, "mallory", "a mistake " + i);
            penalties.succeeded(HOME, "mallory");
        }

        assertThat(penalties.waitNanos(HOME, now)).isEqualTo(64 * SECOND);
    }

    @Test
    void countsEachFailureWhereNobodyCanTellWhatWasTried() {
        GuessPenalties strict = new GuessPenalties(Duration.ofSeconds(1), 0);
        for (int i = 0; i < 3; i++) {
            assertThat(strict.failed(HOME, "alice", Optional.empty(), now)).isEqualTo(SECOND << i);
        }
    }
}
