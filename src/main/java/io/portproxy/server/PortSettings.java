package io.portproxy.server;

import io.portproxy.http.HttpRewriteSettings;
import java.net.InetSocketAddress;
import java.util.Optional;

/**
 * One exposed port.
 *
 * @param bind the address that users connect to; resolved, port 0 for any free port
 * @param targetPort the target's port on the remote, 1 to 65535
 * @param http how request heads are rewritten; empty for {@code type: tcp}
 */
public record PortSettings(InetSocketAddress bind, int targetPort, Optional<HttpRewriteSettings> http) {}
