package io.portproxy.server.exposed;

import io.portproxy.http.HttpRewriteSettings;
import java.net.InetSocketAddress;
import java.util.Optional;

/**
 * One exposed port.
 *
 * @param bind the address that users connect to; resolved, port 0 for any free port
 * @param enabled whether users are carried; otherwise the address stays bound and they are refused
 * @param targetHost the target's host as the remote sees it; empty for the remote's 127.0.0.1
 * @param targetPort the target's port, 1 to 65535
 * @param http how request heads are rewritten; empty for {@code type: tcp}
 * @param access which users may connect; empty: as the remote has it
 */
public record PortSettings(
        InetSocketAddress bind,
        boolean enabled,
        Optional<String> targetHost,
        int targetPort,
        Optional<HttpRewriteSettings> http,
        Optional<Access> access) {
    /** Where its users are carried to. */
    public RouteSettings route() {
        return new RouteSettings(enabled, targetHost, targetPort, http);
    }

    /** One that says nothing of who may connect. */
    public PortSettings(
            InetSocketAddress bind,
            boolean enabled,
            Optional<String> targetHost,
            int targetPort,
            Optional<HttpRewriteSettings> http) {
        this(bind, enabled, targetHost, targetPort, http, Optional.empty());
    }

    /** The same, for other users. */
    public PortSettings withAccess(Optional<Access> other) {
        return new PortSettings(bind, enabled, targetHost, targetPort, http, other);
    }

    /** One that is enabled. */
    public PortSettings(
            InetSocketAddress bind, Optional<String> targetHost, int targetPort, Optional<HttpRewriteSettings> http) {
        this(bind, true, targetHost, targetPort, http);
    }
}
