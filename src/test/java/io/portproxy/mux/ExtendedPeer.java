package io.portproxy.mux;

import io.portproxy.protocol.Reason;
import java.util.ArrayList;
import java.util.List;

/** An extended tunnel that records what its session asks for. */
final class ExtendedPeer implements SessionOutput {
    /** The round trip in nanoseconds; negative while it is unknown. */
    long roundTrip = -1;

    private final List<String> asked = new ArrayList<>();
    private boolean reading = true;

    @Override
    public void sendCloseConnection(long identity) {
        throw new AssertionError("InsCloseConnection in the extended dialect");
    }

    @Override
    public void sendOpened(long identity) {
        asked.add("Opened " + identity);
    }

    @Override
    public void sendEnd(long identity) {
        asked.add("End " + identity);
    }

    @Override
    public void sendReset(long identity, Reason reason) {
        asked.add("Reset " + identity + " " + reason.text());
    }

    @Override
    public void sendWindow(long identity, long delivered, long window) {
        asked.add("Window " + identity + " " + delivered + "+" + window);
    }

    @Override
    public void reading(boolean allowed) {
        if (reading == allowed) {
            throw new AssertionError("told twice: reading " + allowed);
        }
        reading = allowed;
        asked.add(allowed ? "read" : "pause");
    }

    boolean isReading() {
        return reading;
    }

    /** Returns what the session has asked for since the last call. */
    List<String> asked() {
        List<String> result = List.copyOf(asked);
        asked.clear();
        return result;
    }

    @Override
    public long roundTripNanos() {
        return roundTrip;
    }
}
