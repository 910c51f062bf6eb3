package io.portproxy.mux;

import io.portproxy.protocol.Identity;
import io.portproxy.protocol.Reason;
import java.util.ArrayList;
import java.util.List;

/** A tunnel that records what its session asks for. */
final class FakePeer implements SessionOutput {
    private final List<String> asked = new ArrayList<>();
    private boolean reading = true;

    @Override
    public void sendCloseConnection(long identity) {
        asked.add("CloseConnection " + Identity.format(identity));
    }

    @Override
    public void sendOpened(long identity) {
        asked.add("Opened " + Identity.format(identity));
    }

    @Override
    public void sendEnd(long identity) {
        asked.add("End " + Identity.format(identity));
    }

    @Override
    public void sendReset(long identity, Reason reason) {
        asked.add("Reset " + Identity.format(identity) + " " + reason.text());
    }

    @Override
    public void sendWindow(long identity, long delivered, long window) {
        asked.add("Window " + Identity.format(identity) + " " + delivered + " " + window);
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
        return -1;
    }
}
