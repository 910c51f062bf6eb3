package io.portproxy.server;

import io.portproxy.protocol.Printable;
import io.portproxy.protocol.TokenVerifier;
import io.portproxy.server.exposed.Access;
import io.portproxy.server.exposed.PortSettings;
import io.portproxy.server.exposed.gateway.HostSettings;
import io.portproxy.server.limits.LimitSettings;
import io.portproxy.usage.Quota;
import java.util.List;
import java.util.Optional;

/**
 * A remote name with its tokens, and the ports that the proxy server exposes for it; or a template for remote names.
 *
 * @param name the remote name, 1 to 255 bytes of UTF-8; the name of a template ends with an asterisk, which stands for
 *     one or more characters
 * @param enabled whether the remote may have tunnels; otherwise its tunnels and its users are refused
 * @param tokens the verifiers of the tokens; a remote proves its name with any one of them; empty: no proof is needed
 * @param ports the exposed ports; a template has none
 * @param hosts the hosts at gateways that lead to its targets; a template has none
 * @param grant the ports and the host that it may ask for; empty for none
 * @param template the name of its template; empty if the remote has an entry of its own
 * @param access which users may connect to ports and hosts without an access list; empty: as the server says
 * @param quota how many bytes may pass through all its ports and hosts together; empty for any number
 * @param limits the limits for the users of all its ports and hosts together
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

    /** A remote with an entry of its own that may not ask for ports. */
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

    /** A remote that is enabled. */
    public RemoteSettings(String name, List<TokenVerifier> tokens, List<PortSettings> ports) {
        this(name, true, tokens, ports);
    }

    /** The number of its ports and hosts; each port of a range counts. */
    public int size() {
        return ports.stream().mapToInt(port -> port.address().count()).sum() + hosts.size();
    }

    /** Returns a copy with other tokens. */
    public RemoteSettings withTokens(List<TokenVerifier> others) {
        return new RemoteSettings(name, enabled, others, ports, hosts, grant, template, access, quota, limits);
    }

    /** Returns a copy with a grant. */
    public RemoteSettings withGrant(Grant other) {
        return new RemoteSettings(
                name, enabled, tokens, ports, hosts, Optional.of(other), template, access, quota, limits);
    }

    /** Returns a copy with other hosts. */
    public RemoteSettings withHosts(List<HostSettings> others) {
        return new RemoteSettings(name, enabled, tokens, ports, others, grant, template, access, quota, limits);
    }

    /** Returns a copy with another access list. */
    public RemoteSettings withAccess(Optional<Access> other) {
        return new RemoteSettings(name, enabled, tokens, ports, hosts, grant, template, other, quota, limits);
    }

    /** Returns a copy with another quota. */
    public RemoteSettings withQuota(Optional<Quota> other) {
        return new RemoteSettings(name, enabled, tokens, ports, hosts, grant, template, access, other, limits);
    }

    /** Returns a copy with other limits. */
    public RemoteSettings withLimits(LimitSettings others) {
        return new RemoteSettings(name, enabled, tokens, ports, hosts, grant, template, access, quota, others);
    }

    /** Whether a name is the name of a template. */
    public static boolean isTemplate(String name) {
        return name.endsWith(ANY);
    }

    /** Whether this is a template. */
    public boolean isTemplate() {
        return isTemplate(name);
    }

    /**
     * Whether this is a template and the name fits it. A stranger chooses the name. It must therefore be safe as the
     * name of a file and in an address, and all its characters must be visible.
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

    /** The beginning of all names that fit the template. */
    String prefix() {
        return name.substring(0, name.length() - ANY.length());
    }

    /** Returns the settings of a remote of this template. */
    RemoteSettings instance(String itsName) {
        return new RemoteSettings(
                itsName, enabled, tokens, List.of(), List.of(), grant, Optional.of(name), access, quota, limits);
    }
}
