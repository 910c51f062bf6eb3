package io.portproxy.admin.api;

import java.util.List;
import java.util.Optional;

/**
 * Facts about tunnels from the configuration, for {@code GET process}.
 *
 * @param serverSecurity how tunnels to the proxy server of this process are protected; empty without the server role
 * @param clientSecurity how the tunnels of this process as a remote are protected; empty without the client role
 * @param warnings the warnings at startup
 */
public record StartFacts(Optional<String> serverSecurity, Optional<String> clientSecurity, List<String> warnings) {
    public StartFacts {
        warnings = List.copyOf(warnings);
    }
}
