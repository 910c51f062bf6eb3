package io.portproxy.config.check;

import io.portproxy.config.check.HostPort.InvalidAddressException;
import io.portproxy.config.check.HostPort.UnresolvedException;
import io.portproxy.config.problem.Place;
import io.portproxy.config.problem.Problems;
import io.portproxy.config.properties.PortProxyProperties;
import io.portproxy.config.properties.PortType;
import io.portproxy.config.properties.Secret;
import io.portproxy.config.properties.ServerProperties;
import io.portproxy.config.tls.TlsCheck;
import io.portproxy.http.HostHeader;
import io.portproxy.net.tls.TlsSettings;
import io.portproxy.protocol.Token;
import io.portproxy.server.PortSettings;
import io.portproxy.server.RemoteSettings;
import io.portproxy.server.ServerSettings;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Checks {@link ServerProperties} and turns them into settings. */
final class ServerCheck {
    private static final Place PLACE =
            Place.property(PortProxyProperties.PREFIX).key("server");
    private static final String ANY_ADDRESS = "0.0.0.0";
    private static final String LOOPBACK = "127.0.0.1";

    private final ServerProperties properties;
    private final TunnelLimits limits;
    private final TlsCheck tls;
    private final Problems problems;
    private final RangeCheck ranges;
    private final Map<String, Place> placeOfName = new HashMap<>();
    private final ListenAddresses addresses;
    private final List<PlannedPort> ports = new ArrayList<>();

    /** @param addresses the addresses of everything else in this process */
    ServerCheck(ServerProperties properties, TlsCheck tls, ListenAddresses addresses, Problems problems) {
        this.addresses = addresses;
        this.properties = properties;
        this.limits = TunnelLimits.of(properties);
        this.tls = tls;
        this.problems = problems;
        this.ranges = new RangeCheck(problems, PLACE);
    }

    /** The settings, or empty if there are problems; may block on name resolution. */
    Optional<ServerPlan> run() {
        limits.check(ranges);
        ranges.duration("greeting-timeout", properties.greetingTimeout());
        ranges.number("max-greetings", properties.maxGreetings(), 1, 65536);
        Optional<InetSocketAddress> bind = listen(ServerPlan.BIND, properties.bind(), ANY_ADDRESS, "0.0.0.0:9015");
        List<RemoteSettings> remotes = remotes();
        ServerProperties.Ssl ssl = properties.ssl();
        Optional<TlsSettings> encryption =
                tls.server(PLACE.key("ssl"), ssl.bundle(), ssl.clientAuth() == ServerProperties.ClientAuth.NEED);
        if (!problems.isEmpty()) {
            return Optional.empty();
        }
        return bind.map(bound -> new ServerPlan(
                new ServerSettings(
                        bound,
                        encryption,
                        properties.classic() == ServerProperties.Classic.ALLOW,
                        properties.onDuplicate(),
                        remotes,
                        properties.greetingTimeout(),
                        properties.maxGreetings(),
                        limits.settings()),
                ports));
    }

    private List<RemoteSettings> remotes() {
        Place place = PLACE.key("proxy");
        if (properties.proxy().isEmpty() && !problems.areAt(place)) {
            problems.add(
                    place,
                    null,
                    "is empty: this server would expose nothing",
                    "write at least one entry with remote-name and port-list, or --expose behind serve; or leave the profile server"
                            + " out");
        }
        List<RemoteSettings> remotes = new ArrayList<>();
        for (int i = 0; i < properties.proxy().size(); i++) {
            remotes.add(remote(place.entry(i), properties.proxy().get(i)));
        }
        return remotes;
    }

    private RemoteSettings remote(Place place, ServerProperties.Remote remote) {
        Place namePlace = place.key("remote-name");
        String name = RemoteName.check(problems, namePlace, remote.remoteName());
        Place other = name.isEmpty() ? null : placeOfName.putIfAbsent(name, namePlace);
        if (other != null) {
            problems.add(
                    namePlace, name, "is the same as " + other, "give each remote one entry, with all of its ports");
        }
        List<Token> tokens = tokens(place.key("tokens"), remote.tokens());
        List<PortSettings> settings = new ArrayList<>();
        for (int i = 0; i < remote.portList().size(); i++) {
            port(place.key("port-list").entry(i), name, remote.portList().get(i))
                    .ifPresent(settings::add);
        }
        return new RemoteSettings(name, tokens, settings);
    }

    private List<Token> tokens(Place place, @Nullable List<Secret> written) {
        if (written == null) {
            return List.of();
        } else if (written.isEmpty()) {
            // Such as what is left of a variable that is not set: nobody means by it that anybody may come.
            problems.add(place, null, "is empty", "write a token, or remove tokens to let anybody have the name");
        }
        List<Token> tokens = new ArrayList<>();
        for (int i = 0; i < written.size(); i++) {
            Tokens.check(problems, place.entry(i), written.get(i)).ifPresent(tokens::add);
        }
        return tokens;
    }

    private Optional<PortSettings> port(Place place, String remoteName, ServerProperties.Port port) {
        Place bindPlace = place.key("bind");
        Optional<InetSocketAddress> bind = listen(bindPlace, port.bind(), LOOPBACK, "127.0.0.1:6688");
        Optional<Target> target = target(place.key("remote"), port.type(), port.remote());
        HttpPortCheck http = new HttpPortCheck(problems, place, port);
        boolean httpIsRight = http.run();
        if (bind.isEmpty() || target.isEmpty() || !httpIsRight) {
            return Optional.empty();
        }
        InetSocketAddress address = bind.get();
        ports.add(new PlannedPort(bindPlace, remoteName, port.type(), address, target.get()));
        return Optional.of(new PortSettings(
                address,
                target.get().host(),
                target.get().port(),
                http.settings(target.get().authority())));
    }

    private Optional<Target> target(Place place, PortType type, @Nullable String text) {
        String fix = "write the target's port on the remote, 1 to 65535, or its host:port as the remote sees it";
        if (text == null) {
            problems.add(place, null, "is missing", fix);
            return Optional.empty();
        }
        try {
            Target target = Target.parse(text);
            if (type == PortType.TCP || isAuthority(target.authority())) {
                return Optional.of(target);
            }
            problems.add(place, text, "has a host that no Host header can have", fix);
        } catch (InvalidAddressException e) {
            problems.add(place, text, e.reason(), fix);
        }
        return Optional.empty();
    }

    private static boolean isAuthority(String target) {
        try {
            return HostHeader.of(target) instanceof HostHeader.Literal;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private Optional<InetSocketAddress> listen(Place place, @Nullable String text, String defaultHost, String example) {
        if (text == null) {
            problems.add(place, null, "is missing", "write host:port, such as " + example);
            return Optional.empty();
        }
        try {
            HostPort parsed = HostPort.parse(text, example);
            HostPort written = parsed.host().isEmpty() ? new HostPort(defaultHost, parsed.port()) : parsed;
            InetSocketAddress address = new InetSocketAddress(
                    written.resolve("write an address of this host, such as " + example), written.port());
            addresses.claim(place, text, address);
            return Optional.of(address);
        } catch (UnresolvedException e) {
            problems.addPassing(place, text, e.reason(), e.fix());
            return Optional.empty();
        } catch (InvalidAddressException e) {
            problems.add(place, text, e.reason(), e.fix());
            return Optional.empty();
        }
    }
}
