package io.portproxy.tunnel.connection;

import io.portproxy.protocol.Dialect;

/**
 * The results of a tunnel's greeting.
 *
 * @param dialect the dialect of the protocol
 * @param isServer whether this side is the proxy server
 * @param exposes extended: whether the remote may ask for ports
 * @param datagrams extended: whether the tunnel carries datagrams
 * @param firstBytes extended: whether the remote can write bytes to a target before the user's bytes
 * @param initialWindow extended: how many bytes either side may send on a new stream before the peer grants a larger
 *     window
 */
public record TunnelTerms(
        Dialect dialect, boolean isServer, boolean exposes, boolean datagrams, boolean firstBytes, int initialWindow) {

    /** Creates the terms of a classic tunnel. */
    public static TunnelTerms classic(boolean isServer) {
        return new TunnelTerms(Dialect.CLASSIC, isServer, false, false, false, 0);
    }

    /** Creates the terms of an extended tunnel. */
    public static TunnelTerms extended(boolean isServer, int initialWindow) {
        return new TunnelTerms(Dialect.EXTENDED, isServer, false, false, false, initialWindow);
    }

    /** Returns the same terms, but with a new value for whether the remote may ask for ports. */
    public TunnelTerms withExposes(boolean whether) {
        return new TunnelTerms(dialect, isServer, whether, datagrams, firstBytes, initialWindow);
    }

    /** Returns the same terms, but with a new value for whether the tunnel carries datagrams. */
    public TunnelTerms withDatagrams(boolean whether) {
        return new TunnelTerms(dialect, isServer, exposes, whether, firstBytes, initialWindow);
    }

    /**
     * Returns the same terms, but with a new value for whether the remote can write bytes to a target before the user's
     * bytes.
     */
    public TunnelTerms withFirstBytes(boolean whether) {
        return new TunnelTerms(dialect, isServer, exposes, datagrams, whether, initialWindow);
    }
}
