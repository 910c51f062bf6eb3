package io.portproxy.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.portproxy.server.NameConflict.Contender;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Tests when instances count as quarrelling over a name. The test supplies the times as numbers. */
class NameConflictTest {
    private static final Contender A = new Contender("a", "192.0.2.1");
    private static final Contender B = new Contender("b", "192.0.2.2");
    private static final long SECOND = Duration.ofSeconds(1).toNanos();

    private final NameConflict conflict = new NameConflict("r");
    private long now = Long.MAX_VALUE - SECOND; // a clock in nanoseconds may wrap

    private boolean takes(Contender fresh, Contender holder) {
        if (conflict.keepOut(fresh, holder, now).isPresent()) {
            return false;
        }
        conflict.taken(fresh, holder, now);
        return true;
    }

    private void quarrelOfAAndB() {
        for (int i = 0; i < NameConflict.MANY; i++) {
            assertThat(i % 2 == 0 ? takes(B, A) : takes(A, B)).isTrue();
            now += SECOND;
        }
    }

    @Test
    void inAQuarrelWhoHasTheNameKeepsItForAWhile() {
        quarrelOfAAndB();
        assertThat(conflict.keepOut(B, A, now).orElseThrow().message())
                .contains("one at 192.0.2.1 and one at 192.0.2.2")
                .isEqualTo(conflict.keepOut(A, B, now).orElseThrow().message());
        now += NameConflict.HOLD.toNanos();
        assertThat(takes(B, A)).isTrue();
        assertThat(takes(A, B)).as("at once").isFalse();
    }

    @Test
    void whoComesIntoTheNameWhileNobodyHasItKeepsItAsLong() {
        quarrelOfAAndB();
        now += NameConflict.HOLD.toNanos();
        conflict.found(now); // A comes after both have left
        now += SECOND;
        assertThat(takes(B, A)).isFalse();
        now += NameConflict.HOLD.toNanos();
        assertThat(takes(B, A)).isTrue();
    }

    @Test
    void itEndsWhenNobodyWantsTheNameForAWhile() {
        quarrelOfAAndB();
        now += NameConflict.PEACE.toNanos() + SECOND;
        assertThat(takes(B, A)).isTrue();
        assertThat(takes(A, B)).isTrue();
    }

    @Test
    void aRemoteThatIsStartedAgainAndAgainIsNoQuarrel() {
        for (int i = 0; i < 20; i++) {
            assertThat(takes(new Contender("i" + (i + 1), "192.0.2.1"), new Contender("i" + i, "192.0.2.1")))
                    .isTrue();
        }
    }

    @Test
    void takeoversThatAreFarApartAreNone() {
        for (int i = 0; i < 20; i++) {
            assertThat(i % 2 == 0 ? takes(B, A) : takes(A, B)).isTrue();
            now += NameConflict.WINDOW.toNanos() / 2;
        }
    }

    @Test
    void aClassicRemoteThatComesBackIsNone() {
        for (int i = 0; i < 20; i++) {
            assertThat(takes(A, A)).isTrue();
        }
    }
}
