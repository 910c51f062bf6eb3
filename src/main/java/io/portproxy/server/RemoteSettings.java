package io.portproxy.server;

import io.portproxy.protocol.Printable;
import io.portproxy.protocol.TokenVerifier;
import io.portproxy.server.exposed.Access;
import io.portproxy.server.exposed.HostSettings;
import io.portproxy.server.exposed.PortSettings;
import io.portproxy.server.limits.LimitSettings;
import io.portproxy.usage.Quota;
import java.util.List;
import java.util.Optional;

/**
 * A remote name, who may say it, and the ports that the proxy server exposes for it; or a template for names.
 *
 * @param name the remote name, 1 to 255 bytes of UTF-8; that of a template ends with an asterisk, which stands for one character or more
 * @param enabled whether it may have tunnels; otherwise they are refused and its users are reset
 * @param tokens what is kept of the tokens, any of which proves that a remote may have the name; empty: whoever says it may
 * @param ports the exposed ports; a template has none
 * @param hosts the names at gateways that lead to its targets; a template has none
 * @param grant which ports it may ask for; empty: none
 * @param template the name of the template that it is of; empty if it has an entry of its own
 * @param access which users may connect, where a port or host says nothing; empty: as the server has it
 * @param quota how many bytes may pass by all its ports and hosts together; empty for any number
 * @param limits what the users of all its ports and hosts together may have
 */
public record RemoteSettings(
        String name,
        boolean enabled,
        List<TokenVerifier> tokens,
        List<PortSettings> ports,
        List<HostSettings> hosts,
        Optional<Grant> grant,
        Optional<String> template,
        Optional<Access> access,
        Optional<Quota> quota,
        LimitSettings limits) {
    private static final String ANY = "*";

    private static final String NOT_IN_A_PATH = "/\\;%";

    public RemoteSettings {
        tokens = List.copyOf(tokens);
        ports = List.copyOf(ports);
        hosts = List.copyOf(hosts);
        if (isTemplate(name) && !(ports.isEmpty() && hosts.isEmpty())) {
            throw new IllegalArgumentException("template " + name + " with ports or hosts");
        }
    }

    /** One that has an entry of its own, and may not ask for ports. */
    public RemoteSettings(String name, boolean enabled, List<TokenVerifier> tokens, List<PortSettings> ports) {
        this(
                name,
                enabled,
                tokens,
                ports,
                List.of(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                LimitSettings.NONE);
    }

    /** One that is enabled. */
    public RemoteSettings(String name, List<TokenVerifier> tokens, List<PortSettings> ports) {
        this(name, true, tokens, ports);
    }

    /** How many ports and hosts it has, each port of a range counted. */
    public int size() {
        return ports.stream().mapToInt(port -> port.address().count()).sum() + hosts.size();
    }

    /** The same with other tokens. */
    public RemoteSettings withTokens(List<TokenVerifier> others) {
        return new RemoteSettings(name, enabled, others, ports, hosts, grant, template, access, quota, limits);
    }

    /** The same, which may ask for ports. */
    public RemoteSettings withGrant(Grant other) {
        return new RemoteSettings(
                name, enabled, tokens, ports, hosts, Optional.of(other), template, access, quota, limits);
    }

    /** The same with other hosts. */
    public RemoteSettings withHosts(List<HostSettings> others) {
        return new RemoteSettings(name, enabled, tokens, ports, others, grant, template, access, quota, limits);
    }

    /** The same, for other users. */
    public RemoteSettings withAccess(Optional<Access> other) {
        return new RemoteSettings(name, enabled, tokens, ports, hosts, grant, template, other, quota, limits);
    }

    /** The same with another quota. */
    public RemoteSettings withQuota(Optional<Quota> other) {
        return new RemoteSettings(name, enabled, tokens, ports, hosts, grant, template, access, other, limits);
    }

    /** The same with other limits. */
    public RemoteSettings withLimits(LimitSettings others) {
        return new RemoteSettings(name, enabled, tokens, ports, hosts, grant, template, access, quota, others);
    }

    /** Whether that is the name of a template. */
    public static boolean isTemplate(String name) {
        return name.endsWith(ANY);
    }

    /** Whether it stands for the remotes with names that fit. */
    public boolean isTemplate() {
        return isTemplate(name);
    }

    /**
     * Whether it is a template, and the name fits. A stranger chooses that name, so it has to be one that a file could have: it
     * can be seen, and stand in an address.
     */
    boolean fits(String other) {
        return isTemplate()
                && other.length() >= name.length()
                && other.startsWith(prefix())
                && !isTemplate(other)
                && Printable.is(other)
                && NOT_IN_A_PATH.chars().noneMatch(sign -> other.indexOf(sign) >= 0)
                && !other.equals("..");
    }

    /** What names that fit a template begin with. */
    String prefix() {
        return name.substring(0, name.length() - ANY.length());
    }

    /** A remote of this template. */
    RemoteSettings instance(String itsName) {
        return new RemoteSettings(
                itsName, enabled, tokens, List.of(), List.of(), grant, Optional.of(name), access, quota, limits);
    }
}
