package io.portproxy.config.check;

import io.portproxy.config.problem.Place;
import io.portproxy.config.problem.Problems;
import io.portproxy.config.problem.RemotePlaces;
import io.portproxy.config.properties.PortProperties;
import io.portproxy.config.properties.RemoteProperties;
import io.portproxy.config.properties.Secret;
import io.portproxy.manage.RemoteDefinition;
import io.portproxy.protocol.Printable;
import io.portproxy.protocol.TokenVerifier;
import io.portproxy.server.Grant;
import io.portproxy.server.RemoteSettings;
import io.portproxy.server.exposed.Access;
import io.portproxy.server.exposed.PortSettings;
import io.portproxy.server.exposed.gateway.HostSettings;
import io.portproxy.server.limits.LimitSettings;
import io.portproxy.usage.Quota;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Checks one remote with its ports and hosts against the existing ones, and turns it into settings. */
final class RemoteCheck {
    private static final int MAX_DESCRIPTION = 1000;
    private static final int MAX_PORT_NAME = 255;

    private final Problems problems;
    private final PortCheck ports;
    private final HostCheck hosts;
    private final GrantCheck grants;
    private final Map<String, Place> placeOfName = new HashMap<>();

    /**
     * @param addresses the addresses of everything else in this process
     * @param gateways all gateways
     * @param maxRange the most ports that one entry may have
     */
    RemoteCheck(ListenAddresses addresses, GatewayNames gateways, int maxRange, Problems problems) {
        this.problems = problems;
        this.ports = new PortCheck(addresses, maxRange, problems);
        this.hosts = new HostCheck(gateways, ports, problems);
        this.grants = new GrantCheck(gateways.names(), problems);
    }

    /**
     * Claims a remote name, so that remotes that are checked later cannot have it.
     *
     * @return the place of the remote that already has the name; empty if it was free
     */
    Optional<Place> take(String name, Place place) {
        return Optional.ofNullable(placeOfName.putIfAbsent(name, place));
    }

    /**
     * Returns the settings; empty if there are problems at the place. Claims the name and the addresses in both cases, so that a
     * later remote with the same ones gets a problem. May block on name resolution.
     *
     * @param place the place of the remote in the configuration
     */
    Optional<RemoteSettings> run(Place place, RemoteProperties remote) {
        return run(RemotePlaces.within(place), remote);
    }

    /** Claims the hosts of a remote that is already right. */
    void claimHosts(RemoteSettings remote) {
        remote.hosts().forEach(host -> hosts.claim(remote.name(), host));
    }

    /** Reserves the hosts of a remote that is not exposed, so that other remotes cannot have them. */
    void reserveHosts(RemoteDefinition remote) {
        remote.hosts().forEach(host -> hosts.reserve(remote.name(), host));
    }

    /** Returns whether the problem at a place is that a host belongs to another remote, which is already right. */
    boolean isTaken(Place place) {
        return hosts.isTaken(place);
    }

    /** As {@link #run(Place, RemoteProperties)}, for a remote whose ports and hosts may be at other places. */
    Optional<RemoteSettings> run(RemotePlaces place, RemoteProperties remote) {
        String name = name(place.key("remote-name"), remote.remoteName());
        description(place.key("description"), remote.description());
        List<TokenVerifier> tokens = tokens(place.key("tokens"), remote.tokens());
        List<PortSettings> settings = new ArrayList<>();
        Map<String, Place> placeOfPort = new HashMap<>();
        for (int i = 0; i < remote.portList().size(); i++) {
            Place at = place.port(i);
            PortProperties port = remote.portList().get(i);
            portName(at, port, placeOfPort);
            ports.run(at, port, remote.enabled()).ifPresent(settings::add);
        }
        List<HostSettings> named = hosts(place, remote);
        Optional<Grant> grant = Optional.ofNullable(remote.grants())
                .flatMap(written -> grants.run(place.key("grants"), written, RemoteSettings.isTemplate(name)));
        Optional<Access> access = new AccessCheck(problems).run(place.key("access"), remote.access());
        Optional<Quota> quota = new QuotaCheck(problems).run(place.key("quota"), remote.quota());
        LimitSettings limits = new LimitsCheck(problems).run(place.remote(), remote.limits(), remote.holdWhileAway());
        template(place, remote);
        return problems.areAt(place.remote())
                ? Optional.empty()
                : Optional.of(new RemoteSettings(
                        name,
                        remote.enabled(),
                        tokens,
                        settings,
                        named,
                        grant,
                        Optional.empty(),
                        access,
                        quota,
                        limits));
    }

    private List<HostSettings> hosts(RemotePlaces place, RemoteProperties remote) {
        List<HostSettings> named = new ArrayList<>();
        Map<String, Place> placeOfHost = new HashMap<>();
        for (int i = 0; i < remote.hostList().size(); i++) {
            Place at = place.host(i).key("host");
            hosts.run(place.host(i), remote.remoteName(), remote.hostList().get(i), remote.enabled())
                    .ifPresent(host -> {
                        Place other = placeOfHost.putIfAbsent(host.address(), at);
                        if (other != null) {
                            problems.add(
                                    at,
                                    host.address(),
                                    "is the same as " + other,
                                    "give each host and path of a remote one entry, with all of its gateways");
                        }
                        named.add(host);
                    });
        }
        return named;
    }

    /** Checks what a template must have, and what it cannot have. */
    private void template(RemotePlaces place, RemoteProperties remote) {
        String name = remote.remoteName();
        if (name == null || !RemoteSettings.isTemplate(name)) {
            return;
        }
        if (name.length() == 1) {
            problems.add(
                    place.key("remote-name"),
                    name,
                    "stands for every name",
                    "write what the names begin with, as in dev-*");
        }
        if (remote.grants() == null) {
            problems.add(
                    place.key("grants"),
                    null,
                    "is missing: " + name + " is a template, whose remotes have no other ports",
                    "write grants with ports, such as 20000-20999, or a remote name without * at its end");
        }
        if (!remote.hostList().isEmpty()) {
            problems.add(
                    place.key("host-list"),
                    null,
                    "is not for a template: each of the remotes of " + name + " would need the same names",
                    "remove it, or write a remote name without * at its end");
        }
        if (!remote.portList().isEmpty()) {
            problems.add(
                    place.port(0).key("bind"),
                    remote.portList().get(0).bind(),
                    "is not for a template: each of the remotes of " + name + " would need the same addresses",
                    "remove it, or write a remote name without * at its end");
        }
    }

    private void description(Place place, @Nullable String text) {
        if (text != null && text.length() > MAX_DESCRIPTION) {
            problems.add(
                    place,
                    text.length() + " characters",
                    "is too long",
                    "write up to " + MAX_DESCRIPTION + " characters");
        } else if (text != null && !Printable.is(text)) {
            problems.add(place, text, "has a character that does not show", "write letters, digits, blanks and signs");
        }
    }

    private void portName(Place port, PortProperties written, Map<String, Place> placeOfPort) {
        String name = written.name();
        if (name == null) {
            return;
        }
        Place place = port.key("name");
        String wrong =
                name.isBlank() ? "is empty" : name.length() > MAX_PORT_NAME ? "is too long" : RemoteName.wrong(name);
        Place other = placeOfPort.putIfAbsent(name, place);
        if (!wrong.isEmpty()) {
            problems.add(
                    place,
                    name,
                    wrong,
                    "write a name of 1 to " + MAX_PORT_NAME + " letters, digits, blanks and signs other than / \\ ; %");
        } else if (other != null) {
            problems.add(place, name, "is the same as " + other, "give each port of a remote a name of its own");
        }
    }

    private String name(Place place, @Nullable String written) {
        String name = RemoteName.check(problems, place, written);
        if (!name.isEmpty()) {
            take(name, place)
                    .ifPresent(other -> problems.add(
                            place,
                            name,
                            "is the same as " + other,
                            "give each remote one entry, with all of its ports"));
        }
        return name;
    }

    private List<TokenVerifier> tokens(Place place, @Nullable List<Secret> written) {
        if (written == null) {
            return List.of();
        } else if (written.isEmpty()) {
            // This can be what remains of a variable that is not set. Nobody writes it to let everybody connect.
            problems.add(place, null, "is empty", "write a token, or remove tokens to let anybody have the name");
        }
        List<TokenVerifier> tokens = new ArrayList<>();
        for (int i = 0; i < written.size(); i++) {
            Tokens.verifier(problems, place.entry(i), written.get(i)).ifPresent(tokens::add);
        }
        return tokens;
    }
}
