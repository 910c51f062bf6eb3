package io.portproxy.tunnel.connection;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class UnansweredPingsTest {
    private static final long IDLE = 30;

    private final UnansweredPings pings = new UnansweredPings();

    @Test
    void nothingIsOwedBeforeAPing() {
        assertThat(pings.areOverdue(1_000, IDLE)).isFalse();
    }

    @Test
    void onePingIsOverdueAfterTheTimeAndNotBefore() {
        pings.sent(5, 100);
        assertThat(pings.areOverdue(129, IDLE)).isFalse();
        assertThat(pings.areOverdue(130, IDLE)).isTrue();
    }

    @Test
    void anAnswerToTheLastOneSettlesAll() {
        pings.sent(5, 100);
        pings.sent(6, 105);
        pings.answered(6, 110);
        assertThat(pings.areOverdue(10_000, IDLE)).isFalse();
        pings.sent(7, 10_000);
        assertThat(pings.areOverdue(10_029, IDLE)).isFalse();
        assertThat(pings.areOverdue(10_030, IDLE)).isTrue();
    }

    @Test
    void anAnswerToAnEarlierOneBeginsTheTimeAgain() {
        pings.sent(5, 100);
        pings.sent(6, 105);
        pings.answered(5, 120);
        assertThat(pings.areOverdue(149, IDLE)).isFalse();
        assertThat(pings.areOverdue(150, IDLE)).isTrue();
    }

    @Test
    void whatAnswersNothingOrAgainCountsForNothing() {
        pings.sent(5, 100);
        pings.sent(8, 105);
        pings.answered(5, 106);
        for (long wrong : new long[] {4, 5, 9, -1}) {
            pings.answered(wrong, 130);
        }
        assertThat(pings.areOverdue(136, IDLE)).isTrue();
    }

    /** On a slow path, the answer may be behind that data. */
    @Test
    void anAnswerMayTakeLongerWhileDataComesButNotForEver() {
        pings.sent(5, 100);
        pings.dataCame(1000, 125);
        assertThat(pings.areOverdue(154, IDLE)).isFalse();
        assertThat(pings.areOverdue(155, IDLE)).isTrue();
        pings.dataCame((int) UnansweredPings.MOST_AHEAD, 155);
        assertThat(pings.areOverdue(156, IDLE)).isTrue();
    }

    @Test
    void aSideThatHasNotReadBeginsAgain() {
        pings.sent(5, 100);
        pings.start(200);
        assertThat(pings.areOverdue(229, IDLE)).isFalse();
        assertThat(pings.areOverdue(230, IDLE)).isTrue();
    }
}
