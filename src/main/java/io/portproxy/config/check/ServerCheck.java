package io.portproxy.config.check;

import io.portproxy.config.definition.RemoteDefinitions;
import io.portproxy.config.problem.Place;
import io.portproxy.config.problem.Problems;
import io.portproxy.config.problem.RemotePlaces;
import io.portproxy.config.properties.PortProxyProperties;
import io.portproxy.config.properties.ServerProperties;
import io.portproxy.config.tls.AcmeBundles;
import io.portproxy.config.tls.TlsCheck;
import io.portproxy.http.ErrorPages;
import io.portproxy.manage.PlannedRemote;
import io.portproxy.net.Durations;
import io.portproxy.net.tls.TlsSettings;
import io.portproxy.server.Limits;
import io.portproxy.server.RemoteSettings;
import io.portproxy.server.ServerSettings;
import io.portproxy.server.TunnelPortSettings;
import io.portproxy.server.UserSettings;
import io.portproxy.server.exposed.Access;
import io.portproxy.server.exposed.gateway.GatewaySettings;
import io.portproxy.server.exposed.user.AccessLog;
import io.portproxy.server.exposed.user.Bans;
import io.portproxy.server.exposed.user.WebLimits;
import io.portproxy.server.exposed.user.WebServices;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Checks {@link ServerProperties} and turns them into settings. */
final class ServerCheck {
    private static final Place PLACE =
            Place.property(PortProxyProperties.PREFIX).key("server");
    private static final Place REMOTES = PLACE.key("proxy");
    private static final int MOST = 1_000_000;
    private static final int MOST_OF_A_RANGE = 10_000;
    private static final Duration LONGEST_BAN = Duration.ofDays(30);
    private static final String ANY_ADDRESS = "0.0.0.0";

    private final ServerProperties properties;
    private final TunnelCheck tunnel;
    private final TlsCheck tls;
    private final Problems problems;
    private final RangeCheck ranges;
    private final ListenAddresses addresses;
    private final boolean mayBeEmpty;

    /**
     * @param addresses the addresses of everything else in this process
     * @param mayBeEmpty whether remotes can be added while the server runs
     */
    ServerCheck(
            ServerProperties properties,
            TlsCheck tls,
            ListenAddresses addresses,
            boolean mayBeEmpty,
            Problems problems) {
        this.mayBeEmpty = mayBeEmpty;
        this.addresses = addresses;
        this.properties = properties;
        this.tunnel = new TunnelCheck(properties);
        this.tls = tls;
        this.problems = problems;
        this.ranges = new RangeCheck(problems, PLACE);
    }

    /** Returns the settings; empty if there are problems. May block on name resolution. */
    Optional<CheckedServer> run() {
        tunnel.run(ranges);
        ranges.duration("greeting-timeout", properties.greetingTimeout());
        ranges.duration("drain", properties.drain(), Duration.ZERO);
        ranges.number("max-greetings", properties.maxGreetings(), 1, 65536);
        ranges.number("max-remotes", properties.maxRemotes(), 1, MOST);
        ranges.number("max-ports", properties.maxPorts(), 1, MOST);
        ranges.number("max-held", properties.maxHeld(), 1, MOST);
        ranges.number("max-users", properties.maxUsers(), 1, MOST);
        ranges.number("max-range", properties.maxRange(), 1, MOST_OF_A_RANGE);
        web(new RangeCheck(problems, PLACE.key("web")), properties.web());
        fits(
                "max-remotes",
                properties.maxRemotes(),
                "remotes",
                properties.proxy().size());
        fits(
                "max-ports",
                properties.maxPorts(),
                "ports and hosts",
                properties.proxy().stream()
                        .mapToInt(remote -> RemoteDefinitions.of(remote).size())
                        .sum());
        Optional<InetSocketAddress> bind =
                addresses.claim(CheckedServer.BIND, properties.bind(), ANY_ADDRESS, "0.0.0.0:9015");
        ErrorPages pages = new ErrorPagesCheck(problems, PLACE.key("error-pages")).run(properties.errorPages());
        Optional<TlsSettings> encryption = encryption(PLACE.key("ssl"), properties.ssl());
        GatewayCheck gatewayCheck = new GatewayCheck(addresses, tls, encryption, problems);
        List<GatewaySettings> gateways = gatewayCheck.run(CheckedServer.GATEWAYS, properties.gateways());
        List<RemoteSettings> remotes = remotes(gatewayCheck.names());
        ranges.duration("proxy-protocol-timeout", properties.proxyProtocolTimeout());
        AccessCheck lists = new AccessCheck(problems);
        UserSettings users = new UserSettings(
                lists.run(PLACE.key("access"), properties.access()).orElse(Access.ALL),
                properties.proxyProtocolTimeout(),
                lists.addresses(PLACE.key("accept-proxy-protocol"), properties.acceptProxyProtocol()),
                new LimitsCheck(problems).run(PLACE, properties.limits(), properties.holdWhileAway()),
                properties.maxUsers(),
                properties.maxHeld());
        Optional<Bans.Settings> ban = Optional.ofNullable(properties.ban()).map(this::ban);
        if (!problems.isEmpty()) {
            return Optional.empty();
        }
        return bind.map(bound -> new CheckedServer(
                new ServerSettings(
                        new TunnelPortSettings(
                                bound,
                                encryption,
                                properties.classic() == ServerProperties.Classic.ALLOW,
                                properties.onDuplicate(),
                                properties.greetingTimeout(),
                                properties.maxGreetings()),
                        gateways,
                        remotes,
                        new Limits(properties.maxRemotes(), properties.maxPorts()),
                        tunnel.settings(),
                        new WebServices(pages, accessLog(), webLimits(), new Bans(ban, System::nanoTime)),
                        users),
                ports(remotes),
                ConfigurationCheck.planned(properties.gateways(), gateways, problems),
                planned(remotes)));
    }

    private void fits(String key, int most, String what, int count) {
        if (count > most) {
            problems.add(
                    PLACE.key(key),
                    most,
                    "is less than the " + count + " " + what + " in " + REMOTES,
                    "write " + count + " or more, or remove some of them");
        }
    }

    private static void web(RangeCheck ranges, ServerProperties.Web web) {
        ranges.number("max-answers", web.maxAnswers(), 4, MOST);
        ranges.duration("refusal-timeout", web.refusalTimeout());
        ranges.duration("answer-timeout", web.answerTimeout());
        ranges.number("max-pending", web.maxPending(), 1, MOST);
        ranges.duration("request-timeout", web.requestTimeout());
    }

    private WebLimits webLimits() {
        ServerProperties.Web web = properties.web();
        return new WebLimits(
                web.maxAnswers(), web.refusalTimeout(), web.answerTimeout(), web.maxPending(), web.requestTimeout());
    }

    private Bans.Settings ban(ServerProperties.Ban ban) {
        RangeCheck of = new RangeCheck(problems, PLACE.key("ban"));
        of.number("after", ban.after(), 1, MOST);
        of.duration("within", ban.within());
        if (ban.length().compareTo(LONGEST_BAN) > 0) {
            of.problem(
                    "for",
                    Durations.text(ban.length()),
                    "is out of range",
                    "write 100ms to " + Durations.text(LONGEST_BAN));
        } else if (ban.length().compareTo(Duration.ofMillis(100)) < 0) {
            of.duration("for", ban.length());
        }
        of.number("max-addresses", ban.maxAddresses(), 1, MOST);
        return new Bans.Settings(ban.after(), ban.within(), ban.length(), ban.maxAddresses());
    }

    private AccessLog accessLog() {
        return new AccessLog(
                AccessLog.Format.valueOf(properties.accessLog().format().name()));
    }

    private Optional<TlsSettings> encryption(Place place, ServerProperties.Ssl ssl) {
        boolean needClients = ssl.clientAuth() == ServerProperties.ClientAuth.NEED;
        if (!ssl.acme()) {
            return tls.server(place, ssl.bundle(), needClients);
        } else if (ssl.bundle() != null) {
            problems.add(place.key("acme"), true, "is set beside " + place.key("bundle"), "remove one of the two");
        } else if (needClients) {
            problems.add(
                    place.key("client-auth"),
                    "need",
                    "asks for certificates of remotes, and ACME does not say whose are to be trusted",
                    "remove it, or " + place.key("acme") + " for a bundle of your own with a trust store");
        }
        return problems.areAt(AcmeCheck.PLACE) || problems.areAt(place)
                ? Optional.empty()
                : tls.server(place, AcmeBundles.FIRST, false);
    }

    private List<RemoteSettings> remotes(GatewayNames gatewayNames) {
        if (properties.proxy().isEmpty() && !mayBeEmpty && !problems.areAt(REMOTES)) {
            problems.add(
                    REMOTES,
                    null,
                    "is empty: this server would expose nothing",
                    "write at least one entry with remote-name and port-list, or --expose behind serve; allow a store"
                            + " (portproxy.store), in which remotes are kept that you add later; or leave the profile server"
                            + " out");
        }
        RemoteCheck check = new RemoteCheck(addresses, gatewayNames, properties.maxRange(), problems);
        List<RemoteSettings> remotes = new ArrayList<>();
        for (int i = 0; i < properties.proxy().size(); i++) {
            check.run(REMOTES.entry(i), properties.proxy().get(i)).ifPresent(remotes::add);
        }
        return remotes;
    }

    /** Returns the remotes that files declare. All of them must be right. */
    private List<PlannedRemote> planned(List<RemoteSettings> remotes) {
        List<PlannedRemote> planned = new ArrayList<>();
        for (int i = 0; i < remotes.size(); i++) {
            String origin = problems.origin(REMOTES.entry(i).key("remote-name")).orElse("the configuration");
            planned.add(
                    PlannedRemote.ofFile(RemoteDefinitions.of(properties.proxy().get(i)), origin, remotes.get(i)));
        }
        return planned;
    }

    /** Returns each port and the place of its address. All remotes must be right. */
    private static List<PlannedPort> ports(List<RemoteSettings> remotes) {
        List<PlannedPort> ports = new ArrayList<>();
        for (int i = 0; i < remotes.size(); i++) {
            RemoteSettings remote = remotes.get(i);
            for (int j = 0; j < remote.ports().size(); j++) {
                Place bind =
                        PortCheck.bind(RemotePlaces.within(REMOTES.entry(i)).port(j));
                ports.add(new PlannedPort(bind, remote.name(), remote.ports().get(j)));
            }
        }
        return ports;
    }
}
