package io.portproxy.tunnel.connection;

/**
 * The state of one tunnel. Nothing else holds it or changes it: {@link GoingAway} begins the orderly end, and the
 * tunnel ends. Changes are on the tunnel's loop. Each of them returns whether the state is a new one, so that what
 * belongs to a transition is done once.
 */
public final class TunnelLife implements TunnelState.Reader {
    private volatile TunnelState state = TunnelState.OPEN; // other threads read it

    @Override
    public TunnelState state() {
        return state;
    }

    /** This side goes away. */
    boolean drain() {
        return enter(state.afterDrain());
    }

    /** The peer goes away. */
    boolean peerGoes() {
        return enter(state.afterPeersGoAway());
    }

    /** The tunnel ends. */
    public boolean end() {
        return enter(TunnelState.ENDED);
    }

    private boolean enter(TunnelState next) {
        boolean isNew = next != state;
        state = next;
        return isNew;
    }
}
