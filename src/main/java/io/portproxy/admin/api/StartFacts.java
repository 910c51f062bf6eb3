package io.portproxy.admin.api;

import java.util.List;
import java.util.Optional;

/**
 * What the configuration says about tunnels, for {@code GET process}.
 *
 * @param serverSecurity how tunnels to the proxy server of this process are protected; empty without that role
 * @param clientSecurity how those of the remote that this process is are; empty without that role
 * @param warnings what the start warned of
 */
public record StartFacts(Optional<String> serverSecurity, Optional<String> clientSecurity, List<String> warnings) {
    public StartFacts {
        warnings = List.copyOf(warnings);
    }
}
