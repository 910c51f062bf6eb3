package io.portproxy.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.UnknownHostException;
import org.junit.jupiter.api.Test;

/** How long whoever guesses waits. Times are numbers here: nothing is waited for. */
class GreetingPenaltiesTest {
    private static final long MILLISECOND = 1_000_000;
    private static final long FIRST = 100 * MILLISECOND;
    private static final long MINUTE = 60_000 * MILLISECOND;

    private static final InetAddress GUESSER = address("192.0.2.1");
    private static final InetAddress OTHER = address("192.0.2.2");

    private final GreetingPenalties penalties = new GreetingPenalties();
    private long now = Long.MAX_VALUE - MINUTE; // a clock in nanoseconds may wrap

    private static InetAddress address(String text) {
        try {
            return InetAddress.getByName(text);
        } catch (UnknownHostException e) {
            throw new IllegalStateException(e);
        }
    }

    private long failed(InetAddress address) {
        return penalties.failed(address, now);
    }

    private void failTimes(int times, InetAddress address) {
        for (int i = 0; i < times; i++) {
            assertThat(failed(address)).isPositive();
        }
    }

    @Test
    void eachFailureDoublesTheWaitUpToSixPointFourSeconds() {
        long[] milliseconds = {100, 200, 400, 800, 1600, 3200, 6400, 6400, 6400};
        for (long expected : milliseconds) {
            assertThat(failed(GUESSER)).isEqualTo(expected * MILLISECOND);
        }
        failTimes(10_000, GUESSER);
        assertThat(failed(GUESSER)).isEqualTo(6400 * MILLISECOND);
    }

    @Test
    void oneAddressDoesNotWaitForAnothersFailures() {
        failTimes(5, GUESSER);
        assertThat(failed(OTHER)).isEqualTo(FIRST);
    }

    @Test
    void aFailureIsForgottenWhenTenMinutesPassWithoutAnother() {
        failTimes(3, GUESSER);
        now += 10 * MINUTE;
        assertThat(failed(GUESSER)).as("just in time").isEqualTo(8 * FIRST);
        now += 10 * MINUTE + 1;
        assertThat(failed(GUESSER)).as("too late").isEqualTo(FIRST);
        assertThat(failed(GUESSER)).isEqualTo(2 * FIRST);
    }

    @Test
    void aGoodProofForgetsHalfOfTheFailures() {
        failTimes(6, GUESSER);
        penalties.succeeded(GUESSER);
        assertThat(failed(GUESSER)).as("the fourth").isEqualTo(8 * FIRST);
    }

    @Test
    void goodProofsForgetEverythingInTheEnd() {
        failTimes(7, GUESSER);
        penalties.succeeded(GUESSER);
        penalties.succeeded(GUESSER);
        assertThat(penalties.size()).isEqualTo(1);
        penalties.succeeded(GUESSER);
        assertThat(penalties.size()).isZero();
        assertThat(failed(GUESSER)).isEqualTo(FIRST);
    }

    @Test
    void aGoodProofOfAnotherAddressForgetsNothing() {
        failTimes(2, GUESSER);
        penalties.succeeded(OTHER);
        assertThat(penalties.size()).isEqualTo(1);
        assertThat(failed(GUESSER)).isEqualTo(4 * FIRST);
    }

    @Test
    void allAddressesOfAnIpv6NetworkOf64BitsAreOne() {
        failTimes(2, address("2001:db8:0:1::1"));
        assertThat(failed(address("2001:db8:0:1:ffff:ffff:ffff:ffff"))).isEqualTo(4 * FIRST);
        assertThat(failed(address("2001:db8:0:2::1"))).as("the next network").isEqualTo(FIRST);
        assertThat(penalties.size()).isEqualTo(2);
        penalties.succeeded(address("2001:db8:0:1::2"));
        assertThat(failed(address("2001:db8:0:1::3"))).isEqualTo(2 * FIRST);
    }

    @Test
    void anIpv4AddressInAnIpv6OneIsTheIpv4Address() {
        failTimes(1, GUESSER);
        assertThat(failed(address("::ffff:192.0.2.1"))).isEqualTo(2 * FIRST);
    }

    @Test
    void fourThousandAddressesAreRememberedThoseThatFailedLast() throws UnknownHostException {
        for (int i = 0; i < 4096; i++) {
            assertThat(failed(numbered(i))).isEqualTo(FIRST);
        }
        assertThat(penalties.size()).isEqualTo(4096);
        assertThat(failed(numbered(0)))
                .as("the oldest, which becomes the newest")
                .isEqualTo(2 * FIRST);
        assertThat(failed(numbered(4096))).isEqualTo(FIRST);
        assertThat(penalties.size()).isEqualTo(4096);
        assertThat(failed(numbered(0))).isEqualTo(4 * FIRST);
        assertThat(failed(numbered(1))).as("had to go").isEqualTo(FIRST);
    }

    private static InetAddress numbered(int i) throws UnknownHostException {
        return InetAddress.getByAddress(new byte[] {10, 0, (byte) (i >> 8), (byte) i});
    }
}
