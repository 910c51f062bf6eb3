package io.portproxy.mux;

import static org.assertj.core.api.Assertions.assertThat;

import io.portproxy.protocol.ProtocolException;
import io.portproxy.protocol.Reason;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests every event in every state of a stream: the next state, the sent instructions, and what happens to the socket. */
class ExtendedSessionStatesTest {
    private final ExtendedBed bed = ExtendedBed.withMuchMemory();
    private final ExtendedSession session = bed.session;

    /** The events of a stream. */
    enum Event {
        OUR_END,
        PEER_END,
        ALL_WRITTEN,
        PEER_RESET,
        OUR_RESET,
        REFUSED,
        CUT,
        DATA
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                // from, event, to, sent, done to the socket
                "OPEN, OUR_END, LOCAL_ENDED, End 1, -",
                "OPEN, PEER_END, PEER_ENDED, -, -",
                "OPEN, ALL_WRITTEN, OPEN, -, -",
                "OPEN, PEER_RESET, CLOSED, -, reset: target reset",
                "OPEN, OUR_RESET, CLOSED, Reset 1 user reset, reset: user reset",
                "OPEN, REFUSED, BOTH_ENDED, Reset 1 denied, -",
                "OPEN, CUT, CLOSED, -, reset: tunnel lost",
                "OPEN, DATA, OPEN, -, -",
                "LOCAL_ENDED, OUR_END, LOCAL_ENDED, -, -",
                "LOCAL_ENDED, PEER_END, BOTH_ENDED, -, -",
                "LOCAL_ENDED, ALL_WRITTEN, LOCAL_ENDED, -, -",
                "LOCAL_ENDED, PEER_RESET, CLOSED, -, reset: target reset",
                "LOCAL_ENDED, OUR_RESET, CLOSED, Reset 1 user reset, reset: user reset",
                "LOCAL_ENDED, CUT, CLOSED, -, reset: tunnel lost",
                "LOCAL_ENDED, DATA, LOCAL_ENDED, -, -",
                "PEER_ENDED, OUR_END, BOTH_ENDED, End 1, -",
                "PEER_ENDED, PEER_END, error, -, -",
                "PEER_ENDED, ALL_WRITTEN, PEER_ENDED, -, FIN",
                "PEER_ENDED, PEER_RESET, CLOSED, -, reset: target reset",
                "PEER_ENDED, OUR_RESET, CLOSED, Reset 1 user reset, reset: user reset",
                "PEER_ENDED, REFUSED, BOTH_ENDED, Reset 1 denied, -",
                "PEER_ENDED, CUT, CLOSED, -, reset: tunnel lost",
                "PEER_ENDED, DATA, error, -, -",
                "BOTH_ENDED, OUR_END, BOTH_ENDED, -, -",
                "BOTH_ENDED, PEER_END, error, -, -",
                "BOTH_ENDED, ALL_WRITTEN, CLOSED, -, FIN released",
                "BOTH_ENDED, PEER_RESET, CLOSED, -, reset: target reset",
                "BOTH_ENDED, OUR_RESET, CLOSED, Reset 1 user reset, reset: user reset",
                "BOTH_ENDED, CUT, CLOSED, -, reset: tunnel lost",
                "BOTH_ENDED, DATA, error, -, -",
                "CLOSED, OUR_END, CLOSED, -, -",
                "CLOSED, PEER_END, CLOSED, -, -",
                "CLOSED, ALL_WRITTEN, CLOSED, -, -",
                "CLOSED, PEER_RESET, CLOSED, -, -",
                "CLOSED, OUR_RESET, CLOSED, -, -",
                "CLOSED, REFUSED, CLOSED, -, -",
                "CLOSED, CUT, CLOSED, -, -",
                "CLOSED, DATA, CLOSED, -, -",
            })
    void leads(StreamState from, Event event, String to, String sent, String done) throws ProtocolException {
        ExtendedSocket socket = bed.open(1);
        bed.data(1, 100); // these bytes wait, so that an end is not complete at once
        bring(socket.stream(), from);
        bed.asked();
        int before = socket.events().size();

        String result;
        try {
            apply(event, socket);
            result = socket.stream().state.name();
        } catch (ProtocolException e) {
            assertThat(socket.stream().state).isEqualTo(from);
            result = "error";
        }

        assertThat(result).isEqualTo(to);
        assertThat(String.join(" ", bed.asked())).isEqualTo(sent == null ? "" : sent);
        assertThat(String.join(
                        " ", socket.events().subList(before, socket.events().size())))
                .isEqualTo(done == null ? "" : done);
        assertThat(session.live()).isEqualTo(to.equals("CLOSED") ? 0 : 1);
        assertThat(session.waiting()).isEqualTo(socket.queued());
    }

    private void bring(Stream stream, StreamState state) throws ProtocolException {
        if (state == StreamState.LOCAL_ENDED || state == StreamState.BOTH_ENDED) {
            session.inputEnded(stream);
        }
        if (state == StreamState.PEER_ENDED || state == StreamState.BOTH_ENDED) {
            session.peerEnded(1);
        }
        if (state == StreamState.CLOSED) {
            session.end(stream, Reason.USER_RESET);
        }
        assertThat(stream.state).isEqualTo(state);
    }

    private void apply(Event event, ExtendedSocket socket) throws ProtocolException {
        switch (event) {
            case OUR_END -> session.inputEnded(socket.stream());
            case PEER_END -> session.peerEnded(1);
            case ALL_WRITTEN -> socket.take(100);
            case PEER_RESET -> session.peerReset(1, Reason.TARGET_RESET);
            case OUR_RESET -> session.end(socket.stream(), Reason.USER_RESET);
            case REFUSED -> session.refuse(socket.stream(), Reason.DENIED);
            case CUT -> session.cut(Reason.TUNNEL_LOST);
            case DATA -> bed.data(1, 50);
        }
    }
}
