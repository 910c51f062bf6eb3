package io.portproxy.tunnel.connection;

import io.portproxy.protocol.Dialect;

/**
 * What the greeting of a tunnel settled.
 *
 * @param dialect what is spoken
 * @param isServer whether this side is the proxy server
 * @param exposes extended: whether the remote may ask for ports
 * @param datagrams extended: whether the tunnel carries datagrams
 * @param firstBytes extended: whether the remote writes to a target what is not the user's, ahead of all else
 * @param initialWindow extended: what either side may send on a new stream before it hears of a larger window, in bytes
 */
public record TunnelTerms(
        Dialect dialect, boolean isServer, boolean exposes, boolean datagrams, boolean firstBytes, int initialWindow) {

    /** A classic tunnel. */
    public static TunnelTerms classic(boolean isServer) {
        return new TunnelTerms(Dialect.CLASSIC, isServer, false, false, false, 0);
    }

    /** An extended tunnel. */
    public static TunnelTerms extended(boolean isServer, int initialWindow) {
        return new TunnelTerms(Dialect.EXTENDED, isServer, false, false, false, initialWindow);
    }

    /** The same, saying whether the remote may ask for ports. */
    public TunnelTerms withExposes(boolean whether) {
        return new TunnelTerms(dialect, isServer, whether, datagrams, firstBytes, initialWindow);
    }

    /** The same, saying whether the tunnel carries datagrams. */
    public TunnelTerms withDatagrams(boolean whether) {
        return new TunnelTerms(dialect, isServer, exposes, whether, firstBytes, initialWindow);
    }

    /** The same, saying whether the remote writes to a target what is not the user's. */
    public TunnelTerms withFirstBytes(boolean whether) {
        return new TunnelTerms(dialect, isServer, exposes, datagrams, whether, initialWindow);
    }
}
