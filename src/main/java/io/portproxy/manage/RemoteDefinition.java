package io.portproxy.manage;

import java.util.List;
import java.util.Optional;

/**
 * One remote with its ports and hosts, as an operator configures it. Names in it are not resolved, and the values are not checked.
 *
 * @param name identifies the remote
 * @param description what the remote is, as text for people
 * @param enabled whether the remote may connect
 * @param anonymous whether any client that sends the name may connect as this remote; if not, a token is needed
 * @param ports the ports that are exposed for the remote, in the order of the configuration
 * @param hosts the host names at gateways that lead to its targets, in the order of the configuration
 * @param grants the ports and hosts that the remote may ask for; empty for none
 * @param access the users that may connect, if a port or host has no access list of its own; empty: the server's
 * @param quota how many bytes may pass through all its ports and hosts together; empty for no limit
 * @param limits the limits for the users of all its ports and hosts together; empty for none
 * @param holdWhileAway how long its users wait while the remote is away, if a port or host has no value of its own, for example {@code 5s};
 *     empty: the server's
 */
public record RemoteDefinition(
        String name,
        String description,
        boolean enabled,
        boolean anonymous,
        List<PortDefinition> ports,
        List<HostDefinition> hosts,
        Optional<GrantDefinition> grants,
        Optional<AccessDefinition> access,
        Optional<QuotaDefinition> quota,
        Optional<LimitsDefinition> limits,
        Optional<String> holdWhileAway) {

    public RemoteDefinition {
        limits = limits == null ? Optional.empty() : limits.flatMap(LimitsDefinition::unlessEmpty);
        holdWhileAway = holdWhileAway == null ? Optional.empty() : holdWhileAway;
        access = access == null ? Optional.empty() : access.flatMap(AccessDefinition::unlessEmpty);
        quota = quota == null ? Optional.empty() : quota;
        ports = List.copyOf(ports);
        hosts = List.copyOf(hosts);
    }

    /** A remote without hosts and grants. */
    public RemoteDefinition(
            String name, String description, boolean enabled, boolean anonymous, List<PortDefinition> ports) {
        this(name, description, enabled, anonymous, ports, List.of(), Optional.empty());
    }

    /** A remote without an access list, a quota or limits of its own. */
    public RemoteDefinition(
            String name,
            String description,
            boolean enabled,
            boolean anonymous,
            List<PortDefinition> ports,
            List<HostDefinition> hosts,
            Optional<GrantDefinition> grants) {
        this(
                name,
                description,
                enabled,
                anonymous,
                ports,
                hosts,
                grants,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    /** Returns a copy with another access list. */
    public RemoteDefinition withAccess(Optional<AccessDefinition> other) {
        return new RemoteDefinition(
                name, description, enabled, anonymous, ports, hosts, grants, other, quota, limits, holdWhileAway);
    }

    /** Returns a copy with another quota. */
    public RemoteDefinition withQuota(Optional<QuotaDefinition> other) {
        return new RemoteDefinition(
                name, description, enabled, anonymous, ports, hosts, grants, access, other, limits, holdWhileAway);
    }

    /** Returns a copy with other limits, and another time for which users wait while the remote is away. */
    public RemoteDefinition withLimits(Optional<LimitsDefinition> others, Optional<String> hold) {
        return new RemoteDefinition(
                name, description, enabled, anonymous, ports, hosts, grants, access, quota, others, hold);
    }

    /** Returns the port with that name. */
    public Optional<PortDefinition> port(String portName) {
        return ports.stream().filter(port -> port.name().equals(portName)).findFirst();
    }

    /** Returns a copy with other ports. */
    public RemoteDefinition withPorts(List<PortDefinition> others) {
        return new RemoteDefinition(
                name, description, enabled, anonymous, others, hosts, grants, access, quota, limits, holdWhileAway);
    }

    /** Returns the host with that name and path. */
    public Optional<HostDefinition> host(String hostName, String path) {
        return hosts.stream().filter(host -> host.isFor(hostName, path)).findFirst();
    }

    /** Returns a copy with other hosts. */
    public RemoteDefinition withHosts(List<HostDefinition> others) {
        return new RemoteDefinition(
                name, description, enabled, anonymous, ports, others, grants, access, quota, limits, holdWhileAway);
    }

    /** Returns a copy with {@link HttpDefinition#HIDDEN} in place of each secret of its ports and hosts. */
    public RemoteDefinition withoutSecrets() {
        return withPorts(ports.stream().map(PortDefinition::withoutSecrets).toList())
                .withHosts(hosts.stream().map(HostDefinition::withoutSecrets).toList());
    }

    /**
     * Returns a copy in which each secret that is {@link HttpDefinition#HIDDEN} is replaced by the secret that the same port or host has in
     * {@code before}.
     */
    RemoteDefinition keepingSecretsOf(RemoteDefinition before) {
        return withPorts(ports.stream()
                        .map(port -> before.port(port.name())
                                .map(was -> port.withHttp(port.http().keeping(was.http())))
                                .orElse(port))
                        .toList())
                .withHosts(hosts.stream()
                        .map(host -> before.host(host.host(), host.path())
                                .map(was -> host.withHttp(host.http().keeping(was.http())))
                                .orElse(host))
                        .toList());
    }

    /** Returns the number of its ports and hosts. Each port of a range counts. */
    public int size() {
        return ports.stream().mapToInt(PortDefinition::count).sum() + hosts.size();
    }
}
