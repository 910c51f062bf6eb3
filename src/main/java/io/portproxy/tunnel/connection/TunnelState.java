package io.portproxy.tunnel.connection;

/**
 * The states of a tunnel after its greeting. Each side may say that it goes away, with a GoAway; also both may. A
 * {@link TunnelLife} has the state of one tunnel.
 *
 * <pre>
 *          +--this side goes away--> DRAINING --the peer goes away------+
 *          |                                                            v
 *   OPEN --+                                                      BOTH_LEAVING
 *          |                                                            ^
 *          +--the peer goes away--> PEER_LEAVING --this side goes away--+
 *
 *   any of them --the tunnel ends--> ENDED
 * </pre>
 *
 * <table>
 *   <caption>What the states mean</caption>
 *   <tr><th>state</th><th>new streams</th><th>existing streams</th><th>who ends the tunnel</th></tr>
 *   <tr><td>{@link #OPEN}</td><td>are taken</td><td>go on</td>
 *       <td>nobody, unless it is lost or dismissed</td></tr>
 *   <tr><td>{@link #DRAINING}</td><td>are refused</td><td>may end until the grace time is over</td>
 *       <td>this side, when all have ended or the grace time is over</td></tr>
 *   <tr><td>{@link #PEER_LEAVING}</td><td>are refused</td><td>may end</td><td>the peer</td></tr>
 *   <tr><td>{@link #BOTH_LEAVING}</td><td>are refused</td><td>as in DRAINING</td><td>the side that is first</td></tr>
 *   <tr><td>{@link #ENDED}</td><td>are refused</td><td>were reset, or deliver their last bytes</td><td>-</td></tr>
 * </table>
 *
 * <p>A GoAway exists only in the extended dialect. A classic tunnel has only the states OPEN, DRAINING and ENDED.
 */
public enum TunnelState {
    /** The tunnel takes new streams. */
    OPEN,
    /** This side goes away. */
    DRAINING,
    /** The peer has said that it goes away. */
    PEER_LEAVING,
    /** Both sides go away. */
    BOTH_LEAVING,
    /** The tunnel is over: nothing more is read, and nothing more is sent. */
    ENDED;

    /** The state of one tunnel, for those who only read it. */
    @FunctionalInterface
    public interface Reader {
        /** Returns the current state. Any thread. */
        TunnelState state();
    }

    /** Returns the state after this side has decided to go away. */
    TunnelState afterDrain() {
        return switch (this) {
            case OPEN -> DRAINING;
            case PEER_LEAVING -> BOTH_LEAVING;
            case DRAINING, BOTH_LEAVING, ENDED -> this;
        };
    }

    /** Returns the state after the peer has said that it goes away. */
    TunnelState afterPeersGoAway() {
        return switch (this) {
            case OPEN -> PEER_LEAVING;
            case DRAINING -> BOTH_LEAVING;
            case PEER_LEAVING, BOTH_LEAVING, ENDED -> this;
        };
    }

    /** Returns whether new streams may be added. */
    public boolean takesStreams() {
        return this == OPEN;
    }

    /** Returns whether this side goes away, and the tunnel has not ended. */
    public boolean isDraining() {
        return this == DRAINING || this == BOTH_LEAVING;
    }

    /** Returns whether the tunnel has ended. */
    public boolean isEnded() {
        return this == ENDED;
    }
}
