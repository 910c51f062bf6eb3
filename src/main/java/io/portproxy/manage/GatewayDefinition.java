package io.portproxy.manage;

import java.util.List;
import java.util.Optional;

/**
 * An address that serves many host names, as an operator configures it. Names in it are not resolved, and the values are not checked. The
 * store keeps it as JSON with these names.
 *
 * @param name identifies the gateway; hosts refer to it
 * @param bind where users connect, {@code host:port}, or a port alone for all addresses
 * @param publicPort the port that users see in the address; empty for the port of {@code bind}
 * @param ssl how users' connections are encrypted
 * @param redirectToHttps whether requests are redirected to the first gateway that uses TLS
 * @param requestTimeout how long a user may take to send the complete head of the first request, for example {@code 10s}
 * @param maxPending the largest number of users that have not sent a complete head yet
 * @param maxRequestHead the largest size of the head of a connection's first request, for example {@code 32KB}
 * @param tunnel the name under which remotes reach the tunnel port at this gateway; empty if they do not
 * @param acceptProxyProtocol addresses and ranges whose connections begin with a PROXY protocol header
 */
public record GatewayDefinition(
        String name,
        String bind,
        Optional<Integer> publicPort,
        Ssl ssl,
        boolean redirectToHttps,
        String requestTimeout,
        int maxPending,
        String maxRequestHead,
        Optional<String> tunnel,
        List<String> acceptProxyProtocol) {
    public GatewayDefinition {
        acceptProxyProtocol = acceptProxyProtocol == null ? List.of() : List.copyOf(acceptProxyProtocol);
    }

    /** The default of {@link #requestTimeout}. */
    public static final String DEFAULT_REQUEST_TIMEOUT = "10s";

    /** The default of {@link #maxPending}. */
    public static final int DEFAULT_MAX_PENDING = 10_000;

    /** The default of {@link #maxRequestHead}. */
    public static final String DEFAULT_MAX_REQUEST_HEAD = "32KB";

    /**
     * TLS between users and the gateway. Contains names of SSL bundles, and no keys.
     *
     * @param bundle the SSL bundle with the key and certificate; empty for none
     * @param bundles several bundles instead of one; empty for none
     * @param acme whether certificates are obtained by ACME instead
     */
    public record Ssl(Optional<String> bundle, List<String> bundles, boolean acme) {
        /** Users use plain HTTP. */
        public static final Ssl NONE = new Ssl(Optional.empty(), List.of(), false);

        public Ssl {
            bundles = List.copyOf(bundles);
        }
    }
}
