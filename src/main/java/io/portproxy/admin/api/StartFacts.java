package io.portproxy.admin.api;

import java.util.List;
import java.util.Optional;

/**
 * Facts about tunnels from the configuration, for {@code GET process}.
 *
 * @param serverSecurity how tunnels to the proxy server of this process are protected; empty without that role
 * @param clientSecurity how the tunnels of the remote that this process is are protected; empty without that role
 * @param warnings the warnings at startup
 */
public record StartFacts(Optional<String> serverSecurity, Optional<String> clientSecurity, List<String> warnings) {
    public StartFacts {
        warnings = List.copyOf(warnings);
    }
}
