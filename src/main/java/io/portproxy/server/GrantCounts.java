package io.portproxy.server;

import io.portproxy.tunnel.telemetry.StreamCounts;
import java.util.List;
import java.util.Map;

/**
 * The counts of what remotes ask for, at one moment.
 *
 * @param granted how many requests for a port or host were granted
 * @param refused how many requests were refused, by reason such as {@code not_granted}; only reasons that occurred
 * @param remotesRefused how many remotes were refused because their template, or the server, had its maximum number of
 *     remotes
 * @param owners the remotes and templates that have a grant
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
     * @param remotes of a template: the number of its remotes; otherwise 0
     * @param tunnels of a template: the number of tunnels of these remotes; otherwise 0
     * @param ports the number of granted ports
     * @param kept how many of these ports no tunnel asks for now
     * @param hosts the number of granted hosts
     * @param hostsKept how many of these hosts no tunnel asks for now
     * @param streams the counts of the streams of all granted ports and hosts, also of those that were closed
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

    /** The number of granted ports. */
    public int ports() {
        return owners.stream().mapToInt(Owner::ports).sum();
    }

    /** The number of granted hosts. */
    public int hosts() {
        return owners.stream().mapToInt(Owner::hosts).sum();
    }

    /** The number of granted ports that no tunnel asks for now. */
    public int kept() {
        return owners.stream().mapToInt(Owner::kept).sum();
    }

    /** The number of remotes that belong to templates. */
    public int remotes() {
        return owners.stream().mapToInt(Owner::remotes).sum();
    }
}
