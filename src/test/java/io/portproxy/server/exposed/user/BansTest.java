package io.portproxy.server.exposed.user;

import static org.assertj.core.api.Assertions.assertThat;

import io.portproxy.net.AddressRange;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class BansTest {
    private static final InetAddress ONE = address("192.0.2.1");
    private static final InetAddress OTHER = address("192.0.2.2");

    private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 1000); // a clock may pass its largest value
    private final Bans bans =
            new Bans(Optional.of(new Bans.Settings(3, Duration.ofMinutes(1), Duration.ofHours(1), 5)), now::get);

    private static InetAddress address(String text) {
        return AddressRange.parse(text).address();
    }

    private void pass(Duration time) {
        now.addAndGet(time.toNanos());
    }

    private void fail(InetAddress address, int times) {
        for (int i = 0; i < times; i++) {
            bans.failed(address);
        }
    }

    @Test
    void whoFailsSoOftenIsBannedForThatTime() {
        fail(ONE, 2);
        assertThat(bans.isBanned(ONE)).isFalse();
        fail(ONE, 1);
        assertThat(bans.isBanned(ONE)).isTrue();
        assertThat(bans.isBanned(OTHER)).isFalse();
        pass(Duration.ofHours(1).minusNanos(1));
        assertThat(bans.isBanned(ONE)).isTrue();
        pass(Duration.ofNanos(1));
        assertThat(bans.isBanned(ONE)).isFalse();
        assertThat(bans.all()).isEmpty();
        fail(ONE, 2);
        assertThat(bans.isBanned(ONE)).as("begins anew").isFalse();
    }

    @Test
    void whoFailsNowAndThenIsNot() {
        for (int i = 0; i < 10; i++) {
            fail(ONE, 2);
            pass(Duration.ofMinutes(1).plusNanos(1));
        }
        assertThat(bans.isBanned(ONE)).isFalse();
    }

    @Test
    void anIpv6NetworkOf64BitsIsOne() {
        bans.failed(address("2001:db8:0:1::1"));
        bans.failed(address("2001:db8:0:1::2"));
        bans.failed(address("2001:db8:0:1:ffff::"));
        assertThat(bans.isBanned(address("2001:db8:0:1::3"))).isTrue();
        assertThat(bans.isBanned(address("2001:db8:0:2::1"))).isFalse();
        assertThat(bans.all()).extracting(Bans.Ban::address).containsExactly(address("2001:db8:0:1::"));
        assertThat(bans.lift(address("2001:db8:0:1::9"))).isTrue();
        assertThat(bans.isBanned(address("2001:db8:0:1::3"))).isFalse();
    }

    @Test
    void aBanCanBeLifted() {
        fail(ONE, 3);
        fail(OTHER, 3);
        assertThat(bans.lift(ONE)).isTrue();
        assertThat(bans.lift(ONE)).isFalse();
        assertThat(bans.isBanned(ONE)).isFalse();
        assertThat(bans.isBanned(OTHER)).isTrue();
        fail(ONE, 2);
        assertThat(bans.isBanned(ONE)).isFalse();
    }

    @Test
    void theOldestIsForgotten() {
        for (int i = 1; i <= 7; i++) {
            fail(address("10.0.0." + i), 3);
        }
        assertThat(bans.size()).isEqualTo(5);
        assertThat(bans.isBanned(address("10.0.0.2"))).isFalse();
        assertThat(bans.isBanned(address("10.0.0.3"))).isTrue();
        fail(ONE, 2);
        for (int i = 1; i <= 5; i++) {
            bans.failed(address("10.0.1." + i));
        }
        fail(ONE, 2);
        assertThat(bans.isBanned(ONE)).as("was forgotten").isFalse();
    }

    @Test
    void withoutSettingsNobodyIs() {
        for (int i = 0; i < 1000; i++) {
            Bans.NONE.failed(ONE);
        }
        assertThat(Bans.NONE.isBanned(ONE)).isFalse();
        assertThat(Bans.NONE.all()).isEmpty();
    }
}
