package io.portproxy.manage;

import java.util.List;
import java.util.Optional;

/**
 * One remote with its ports and hosts as a person describes it: nothing in it is resolved, nor need it be right.
 *
 * @param name the remote's name, which identifies it
 * @param description what it is, for people
 * @param enabled whether it may connect
 * @param anonymous whether anybody may have the name who says it; otherwise it takes a token
 * @param ports what is exposed for it, in the order that people gave them
 * @param hosts which names at gateways lead to its targets, in the order that people gave them
 * @param grants which ports it may ask for itself; empty: none
 * @param access which users may connect, where a port or host says nothing; empty: as the server has it
 * @param quota how many bytes may pass by all its ports and hosts together; empty for any number
 * @param limits how much the users of all its ports and hosts together may have; empty for any
 * @param holdWhileAway how long its users wait for it while it is away, where a port or host says nothing, as in {@code 5s}; empty: as the
 *     server has it
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

    /** One without hosts, which may not ask for ports. */
    public RemoteDefinition(
            String name, String description, boolean enabled, boolean anonymous, List<PortDefinition> ports) {
        this(name, description, enabled, anonymous, ports, List.of(), Optional.empty());
    }

    /** One that says nothing of who may connect. */
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

    /** The same, for other users. */
    public RemoteDefinition withAccess(Optional<AccessDefinition> other) {
        return new RemoteDefinition(
                name, description, enabled, anonymous, ports, hosts, grants, other, quota, limits, holdWhileAway);
    }

    /** The same with another quota. */
    public RemoteDefinition withQuota(Optional<QuotaDefinition> other) {
        return new RemoteDefinition(
                name, description, enabled, anonymous, ports, hosts, grants, access, other, limits, holdWhileAway);
    }

    /** The same with other limits, and another time for users to wait while it is away. */
    public RemoteDefinition withLimits(Optional<LimitsDefinition> others, Optional<String> hold) {
        return new RemoteDefinition(
                name, description, enabled, anonymous, ports, hosts, grants, access, quota, others, hold);
    }

    /** The port with that name. */
    public Optional<PortDefinition> port(String portName) {
        return ports.stream().filter(port -> port.name().equals(portName)).findFirst();
    }

    /** The same with other ports. */
    public RemoteDefinition withPorts(List<PortDefinition> others) {
        return new RemoteDefinition(
                name, description, enabled, anonymous, others, hosts, grants, access, quota, limits, holdWhileAway);
    }

    /** The host with that name and path. */
    public Optional<HostDefinition> host(String hostName, String path) {
        return hosts.stream().filter(host -> host.isFor(hostName, path)).findFirst();
    }

    /** The same with other hosts. */
    public RemoteDefinition withHosts(List<HostDefinition> others) {
        return new RemoteDefinition(
                name, description, enabled, anonymous, ports, others, grants, access, quota, limits, holdWhileAway);
    }

    /** The same, with {@link HttpDefinition#HIDDEN} for each secret of its ports and hosts. */
    public RemoteDefinition withoutSecrets() {
        return withPorts(ports.stream().map(PortDefinition::withoutSecrets).toList())
                .withHosts(hosts.stream().map(HostDefinition::withoutSecrets).toList());
    }

    /** The same, with the secrets of the ports and hosts that it had before for those that are {@link HttpDefinition#HIDDEN}. */
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

    /** How many ports and hosts it has, each port of a range counted. */
    public int size() {
        return ports.stream().mapToInt(PortDefinition::count).sum() + hosts.size();
    }
}
