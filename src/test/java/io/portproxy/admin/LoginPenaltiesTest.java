package io.portproxy.admin;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class LoginPenaltiesTest {
    private static final String HOME = "192.0.2.1";
    private static final long SECOND = Duration.ofSeconds(1).toNanos();

    private final LoginPenalties penalties = new LoginPenalties(Duration.ofSeconds(1));
    private long now = -5;
    private int guesses;

    private long guess(String address) {
        return tried(address, "alice", "guess " + guesses++);
    }

    private long tried(String address, String name, String password) {
        return penalties.failed(address, name, password, now);
    }

    @Test
    void letsPeopleMistypeAndThenWaitsTwiceAsLongEachTime() {
        for (int i = 0; i < LoginPenalties.FREE; i++) {
            assertThat(guess(HOME)).isZero();
            assertThat(penalties.waitNanos(HOME, now)).isZero();
        }
        for (int i = 0; i < LoginPenalties.MAX_DOUBLINGS; i++) {
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
        assertThat(penalties.waitNanos("2001:db8:1:2:ffff::", now)).isPositive();
        assertThat(penalties.waitNanos("2001:db8:1:3::1", now)).isZero();
    }

    @Test
    void remembersABoundedNumberOfAddresses() {
        for (int i = 0; i < 20; i++) {
            guess(HOME);
        }
        for (int i = 0; i < 2 * LoginPenalties.MAX_ADDRESSES; i++) {
            guess("10.0." + i / 256 + "." + i % 256);
            penalties.waitNanos(HOME, now);
        }

        assertThat(penalties.size()).isEqualTo(LoginPenalties.MAX_ADDRESSES);
        assertThat(penalties.waitNanos(HOME, now))
                .as("who goes on is not forgotten")
                .isPositive();
    }

    @Test
    void canBeTurnedOff() {
        LoginPenalties off = new LoginPenalties(Duration.ZERO);
        for (int i = 0; i < 20; i++) {
            assertThat(off.failed(HOME, "alice", "guess " + i, now)).isZero();
        }
        assertThat(off.waitNanos(HOME, now)).isZero();
    }

    @Test
    void looksNoNameUp() {
        for (int i = 0; i < 20; i++) {
            guess("no.such.host.invalid");
        }

        assertThat(penalties.waitNanos("no.such.host.invalid", now)).isPositive();
    }
}
