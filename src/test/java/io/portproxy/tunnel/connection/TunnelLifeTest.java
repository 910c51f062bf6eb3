package io.portproxy.tunnel.connection;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/** Tests the states of a tunnel and their transitions. */
class TunnelLifeTest {
    private final TunnelLife life = new TunnelLife();

    private void enters(Predicate<TunnelLife> transition, TunnelState expected) {
        assertThat(transition.test(life)).as("is new").isTrue();
        assertThat(life.state()).isEqualTo(expected);
    }

    private void stays(Predicate<TunnelLife> transition) {
        TunnelState before = life.state();
        assertThat(transition.test(life)).as("is new").isFalse();
        assertThat(life.state()).isEqualTo(before);
    }

    @Test
    void anOpenTunnelTakesStreams() {
        assertThat(life.state()).isEqualTo(TunnelState.OPEN);
        assertThat(life.state().takesStreams()).isTrue();
        assertThat(life.state().isDraining()).isFalse();
        assertThat(life.state().isEnded()).isFalse();
    }

    @Test
    void thePeerMayGoAwayWhileThisSideDrains() {
        enters(TunnelLife::drain, TunnelState.DRAINING);
        assertThat(life.state().takesStreams()).isFalse();
        assertThat(life.state().isDraining()).isTrue();
        stays(TunnelLife::drain);

        enters(TunnelLife::peerGoes, TunnelState.BOTH_LEAVING);
        assertThat(life.state().takesStreams()).isFalse();
        assertThat(life.state().isDraining()).isTrue();
        stays(TunnelLife::drain);
        stays(TunnelLife::peerGoes);
    }

    @Test
    void thisSideMayDrainWhileThePeerGoesAway() {
        enters(TunnelLife::peerGoes, TunnelState.PEER_LEAVING);
        assertThat(life.state().takesStreams()).isFalse();
        assertThat(life.state().isDraining()).as("the peer ends it").isFalse();
        stays(TunnelLife::peerGoes);

        enters(TunnelLife::drain, TunnelState.BOTH_LEAVING);
    }

    @Test
    void nothingFollowsTheEnd() {
        enters(TunnelLife::drain, TunnelState.DRAINING);
        enters(TunnelLife::end, TunnelState.ENDED);
        assertThat(life.state().isEnded()).isTrue();
        assertThat(life.state().takesStreams()).isFalse();
        assertThat(life.state().isDraining()).isFalse();

        stays(TunnelLife::end);
        stays(TunnelLife::drain);
        stays(TunnelLife::peerGoes);
    }
}
