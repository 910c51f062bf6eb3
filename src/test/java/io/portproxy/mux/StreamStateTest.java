package io.portproxy.mux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class StreamStateTest {
    @ParameterizedTest
    @CsvSource({"OPEN,LOCAL_ENDED", "PEER_ENDED,BOTH_ENDED"})
    void goesForwardWhenOurSocketEnds(StreamState from, StreamState to) {
        assertThat(from.localOpen()).isTrue();
        assertThat(from.afterLocalEnd()).isSameAs(to);
        assertThat(to.localOpen()).isFalse();
        assertThat(to.peerOpen()).isEqualTo(from.peerOpen());
    }

    @ParameterizedTest
    @CsvSource({"OPEN,PEER_ENDED", "LOCAL_ENDED,BOTH_ENDED"})
    void goesForwardWhenThePeerEnds(StreamState from, StreamState to) {
        assertThat(from.peerOpen()).isTrue();
        assertThat(from.afterPeerEnd()).isSameAs(to);
        assertThat(to.peerOpen()).isFalse();
        assertThat(to.localOpen()).isEqualTo(from.localOpen());
    }

    @ParameterizedTest
    @EnumSource(names = {"LOCAL_ENDED", "BOTH_ENDED", "CLOSED"})
    void ourSocketNeverEndsTwice(StreamState from) {
        assertThat(from.localOpen()).isFalse();
        assertThatIllegalStateException().isThrownBy(from::afterLocalEnd).withMessageContaining(from.name());
    }

    @ParameterizedTest
    @EnumSource(names = {"PEER_ENDED", "BOTH_ENDED", "CLOSED"})
    void thePeerNeverEndsTwice(StreamState from) {
        assertThat(from.peerOpen()).isFalse();
        assertThatIllegalStateException().isThrownBy(from::afterPeerEnd).withMessageContaining(from.name());
    }
}
