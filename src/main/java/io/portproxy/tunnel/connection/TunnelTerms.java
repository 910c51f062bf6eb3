package io.portproxy.tunnel.connection;

import io.portproxy.protocol.Dialect;
import io.portproxy.protocol.Features;

/**
 * The results of a tunnel's greeting.
 *
 * @param dialect the dialect of the protocol
 * @param isServer whether this side is the proxy server
 * @param features extended: the features that both sides have
 * @param initialWindow extended: how many bytes either side may send on a new stream before the peer grants a larger
 *     window
 */
public record TunnelTerms(Dialect dialect, boolean isServer, Features features, int initialWindow) {

    /** Creates the terms of a classic tunnel. */
    public static TunnelTerms classic(boolean isServer) {
        return new TunnelTerms(Dialect.CLASSIC, isServer, Features.NONE, 0);
    }

    /** Creates the terms of an extended tunnel. */
    public static TunnelTerms extended(boolean isServer, Features features, int initialWindow) {
        return new TunnelTerms(Dialect.EXTENDED, isServer, features, initialWindow);
    }

    /** Returns whether the tunnel uses a feature. */
    public boolean has(Features feature) {
        return features.has(feature);
    }
}
