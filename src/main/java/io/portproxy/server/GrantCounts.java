package io.portproxy.server;

import java.util.Map;

/**
 * What remotes have asked for, as it was at one moment.
 *
 * @param ports granted ports that there are
 * @param kept those among them whose remote is away
 * @param granted how often a port was given
 * @param refused how often none was, by why: as in {@code not_granted}; only what has happened
 * @param remotes remotes of templates that there are
 * @param remotesRefused how often one was refused, as its template had too many
 */
public record GrantCounts(
        int ports, int kept, long granted, Map<String, Long> refused, int remotes, long remotesRefused) {
    public GrantCounts {
        refused = Map.copyOf(refused);
    }
}
