package io.portproxy.server;

import io.portproxy.tunnel.telemetry.StreamCounts;
import java.util.List;
import java.util.Map;

/**
 * What remotes have asked for, as it was at one moment.
 *
 * @param granted how often a port or host was given
 * @param refused how often none was, by why: as in {@code not_granted}; only what has happened
 * @param remotesRefused how often a remote was refused, as its template had too many
 * @param owners those who are granted ports or hosts
 */
public record GrantCounts(long granted, Map<String, Long> refused, long remotesRefused, List<Owner> owners) {
    public GrantCounts {
        refused = Map.copyOf(refused);
        owners = List.copyOf(owners);
    }

    /**
     * A remote with an entry of its own, or a template.
     *
     * @param name its name
     * @param remotes of a template: the remotes that there are of it; otherwise 0
     * @param tunnels of a template: the tunnels of these; otherwise 0
     * @param ports granted ports that there are
     * @param kept those among them that no tunnel asks for now
     * @param hosts granted hosts that there are
     * @param hostsKept those among them that no tunnel asks for now
     * @param streams what the streams of all its granted ports and hosts have come to, of closed ones too
     */
    public record Owner(
            String name,
            int remotes,
            int tunnels,
            int ports,
            int kept,
            int hosts,
            int hostsKept,
            StreamCounts streams) {}

    /** Granted ports that there are. */
    public int ports() {
        return owners.stream().mapToInt(Owner::ports).sum();
    }

    /** Granted hosts that there are. */
    public int hosts() {
        return owners.stream().mapToInt(Owner::hosts).sum();
    }

    /** Granted ports that no tunnel asks for now. */
    public int kept() {
        return owners.stream().mapToInt(Owner::kept).sum();
    }

    /** Remotes of templates that there are. */
    public int remotes() {
        return owners.stream().mapToInt(Owner::remotes).sum();
    }
}
