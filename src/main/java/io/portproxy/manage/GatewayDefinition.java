package io.portproxy.manage;

import java.util.List;
import java.util.Optional;

/**
 * An address at which many host names are reached, as a person describes it: nothing in it is looked up, nor need it be right. The store
 * keeps it as JSON of these names.
 *
 * @param name what hosts call it, and what identifies it
 * @param bind where users connect, {@code host:port}, or a port alone for all addresses
 * @param publicPort the port that users see in the address; empty for that of {@code bind}
 * @param ssl how users' connections are encrypted
 * @param redirectToHttps whether requests are redirected to the first gateway that speaks TLS
 * @param requestTimeout how long a user may take until its first request's head is complete, as in {@code 10s}
 * @param maxPending users that may be without a complete head at a time
 * @param maxRequestHead the longest head of a connection's first request, as in {@code 32KB}
 * @param tunnel the name by which remotes reach the tunnel port here; empty if they do not
 * @param acceptProxyProtocol from where connections begin with a header of the PROXY protocol: addresses and ranges
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

    /** {@link #requestTimeout}, where nothing is said. */
    public static final String DEFAULT_REQUEST_TIMEOUT = "10s";

    /** {@link #maxPending}, where nothing is said. */
    public static final int DEFAULT_MAX_PENDING = 10_000;

    /** {@link #maxRequestHead}, where nothing is said. */
    public static final String DEFAULT_MAX_REQUEST_HEAD = "32KB";

    /**
     * TLS for users, which ends at the gateway. There is no key in it: bundles are called by their names.
     *
     * @param bundle the SSL bundle with the key and certificate; empty for none
     * @param bundles several in its place; empty for none
     * @param acme whether the certificates come by ACME instead
     */
    public record Ssl(Optional<String> bundle, List<String> bundles, boolean acme) {
        /** Users speak plain HTTP. */
        public static final Ssl NONE = new Ssl(Optional.empty(), List.of(), false);

        public Ssl {
            bundles = List.copyOf(bundles);
        }
    }
}
