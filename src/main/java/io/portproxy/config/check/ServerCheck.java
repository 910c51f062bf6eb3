package io.portproxy.config.check;

import io.portproxy.config.problem.Place;
import io.portproxy.config.problem.Problems;
import io.portproxy.config.properties.PortProxyProperties;
import io.portproxy.config.properties.ServerProperties;
import io.portproxy.config.tls.TlsCheck;
import io.portproxy.net.tls.TlsSettings;
import io.portproxy.server.RemoteSettings;
import io.portproxy.server.ServerSettings;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Checks {@link ServerProperties} and turns them into settings. */
final class ServerCheck {
    private static final Place PLACE =
            Place.property(PortProxyProperties.PREFIX).key("server");
    private static final Place REMOTES = PLACE.key("proxy");
    private static final String ANY_ADDRESS = "0.0.0.0";

    private final ServerProperties properties;
    private final TunnelCheck tunnel;
    private final TlsCheck tls;
    private final Problems problems;
    private final RangeCheck ranges;
    private final ListenAddresses addresses;

    /** @param addresses the addresses of everything else in this process */
    ServerCheck(ServerProperties properties, TlsCheck tls, ListenAddresses addresses, Problems problems) {
        this.addresses = addresses;
        this.properties = properties;
        this.tunnel = new TunnelCheck(properties);
        this.tls = tls;
        this.problems = problems;
        this.ranges = new RangeCheck(problems, PLACE);
    }

    /** The settings, or empty if there are problems; may block on name resolution. */
    Optional<ServerPlan> run() {
        tunnel.run(ranges);
        ranges.duration("greeting-timeout", properties.greetingTimeout());
        ranges.number("max-greetings", properties.maxGreetings(), 1, 65536);
        Optional<InetSocketAddress> bind =
                addresses.claim(ServerPlan.BIND, properties.bind(), ANY_ADDRESS, "0.0.0.0:9015");
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
                        tunnel.settings()),
                ports(remotes)));
    }

    private List<RemoteSettings> remotes() {
        if (properties.proxy().isEmpty() && !problems.areAt(REMOTES)) {
            problems.add(
                    REMOTES,
                    null,
                    "is empty: this server would expose nothing",
                    "write at least one entry with remote-name and port-list, or --expose behind serve; or leave the profile server"
                            + " out");
        }
        RemoteCheck check = new RemoteCheck(addresses, problems);
        List<RemoteSettings> remotes = new ArrayList<>();
        for (int i = 0; i < properties.proxy().size(); i++) {
            check.run(REMOTES.entry(i), properties.proxy().get(i)).ifPresent(remotes::add);
        }
        return remotes;
    }

    /** Where each port was written; only if all remotes are right. */
    private static List<PlannedPort> ports(List<RemoteSettings> remotes) {
        List<PlannedPort> ports = new ArrayList<>();
        for (int i = 0; i < remotes.size(); i++) {
            RemoteSettings remote = remotes.get(i);
            for (int j = 0; j < remote.ports().size(); j++) {
                Place bind = PortCheck.bind(RemoteCheck.port(REMOTES.entry(i), j));
                ports.add(new PlannedPort(bind, remote.name(), remote.ports().get(j)));
            }
        }
        return ports;
    }
}
