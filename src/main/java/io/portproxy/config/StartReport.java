package io.portproxy.config;

import io.portproxy.admin.api.StartFacts;
import io.portproxy.client.ClientSettings;
import io.portproxy.config.check.CheckedServer;
import io.portproxy.config.check.PlannedPort;
import io.portproxy.config.check.ProcessSettings;
import io.portproxy.config.check.Target;
import io.portproxy.net.Sockets;
import io.portproxy.net.tls.TlsSettings;
import io.portproxy.server.Grant;
import io.portproxy.server.ProxyServer;
import io.portproxy.server.RemoteSettings;
import io.portproxy.server.ServerSettings;
import io.portproxy.server.exposed.PortAddress;
import io.portproxy.server.exposed.RouteSettings;
import io.portproxy.server.exposed.gateway.GatewaySettings;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The report at startup: what is exposed and to whom, and warnings. */
final class StartReport {
    private static final Logger log = LoggerFactory.getLogger(StartReport.class);

    private final List<Line> lines = new ArrayList<>();

    private StartReport() {}

    /** One line of the report, and whether it is a warning. */
    record Line(boolean warning, String text) {}

    /** The addresses that the server listens at: for remotes, at ports and at gateways, in the order of the settings. */
    private record Addresses(InetSocketAddress tunnel, List<PortAddress> ports, List<InetSocketAddress> gateways) {
        static Addresses asWritten(CheckedServer server) {
            return new Addresses(
                    server.settings().port().bind(),
                    server.ports().stream().map(PlannedPort::address).toList(),
                    server.settings().gateways().stream()
                            .map(GatewaySettings::bind)
                            .toList());
        }
    }

    /** Logs the report, with the real addresses of the running server. */
    static void log(ProcessSettings configuration, Optional<ProxyServer> server) {
        List<Line> lines = lines(
                configuration,
                server.map(running ->
                        new Addresses(running.tunnelAddress(), running.exposed(), running.gatewayAddresses())));
        for (Line line : lines) {
            if (line.warning()) {
                log.warn("{}", line.text());
            } else {
                log.info("{}", line.text());
            }
        }
    }

    /** Returns the facts that operators can see as long as the process runs. */
    static StartFacts facts(ProcessSettings configuration) {
        return new StartFacts(
                configuration
                        .server()
                        .map(server -> security(server.settings().port().tls())),
                configuration.client().map(client -> security(client.tls())),
                lines(configuration).stream()
                        .filter(Line::warning)
                        .map(Line::text)
                        .toList());
    }

    private static String security(Optional<TlsSettings> tls) {
        return tls.map(settings -> settings.clientCertificate() ? "TLS with client certificates" : "TLS")
                .orElse("plain");
    }

    /** Returns the report that a start would log, with the addresses as they are configured. */
    static List<Line> lines(ProcessSettings configuration) {
        return lines(configuration, configuration.server().map(Addresses::asWritten));
    }

    private static List<Line> lines(ProcessSettings configuration, Optional<Addresses> addresses) {
        StartReport report = new StartReport();
        configuration
                .server()
                .ifPresent(server -> report.add(server, addresses.orElseThrow(), configuration.byOptions()));
        configuration.client().ifPresent(report::add);
        configuration.store().ifPresent(store -> report.say(store.describe()));
        report.warnOfPlainTunnels(configuration);
        configuration.remarks().forEach(remark -> report.warn(remark.text()));
        return List.copyOf(report.lines);
    }

    private void say(String text) {
        lines.add(new Line(false, text));
    }

    private void warn(String text) {
        lines.add(new Line(true, text));
    }

    private void add(CheckedServer server, Addresses addresses, boolean byOptions) {
        say("remotes connect to " + Sockets.text(addresses.tunnel())
                + withTls(server.settings().port().tls()));
        addGateways(server.settings(), addresses.gateways());
        warnOfNamesForAnybody(server.settings(), addresses, byOptions);
        for (int i = 0; i < server.ports().size(); i++) {
            PlannedPort port = server.ports().get(i);
            say(addresses.ports().get(i).text() + " is exposed (" + port.type() + ") for " + port.targetText()
                    + " of remote " + port.remoteName());
        }
        server.settings()
                .remotes()
                .forEach(remote -> remote.hosts()
                        .forEach(host -> say("host " + host.text() + " is exposed for " + target(host.route())
                                + " of remote " + remote.name())));
        server.settings().remotes().forEach(remote -> remote.grant().ifPresent(grant -> say(granted(remote, grant))));
        server.settings().remotes().stream()
                .filter(remote -> remote.ports().isEmpty()
                        && remote.hosts().isEmpty()
                        && remote.grant().isEmpty())
                .forEach(remote ->
                        warn("remote " + remote.name() + " exposes nothing: its port-list and host-list are empty"));
    }

    private void addGateways(ServerSettings settings, List<InetSocketAddress> addresses) {
        for (int i = 0; i < settings.gateways().size(); i++) { // further addresses are of gateways of the store
            GatewaySettings gateway = settings.gateways().get(i);
            say("gateway " + gateway.name() + " listens at " + Sockets.text(addresses.get(i))
                    + (gateway.certificates().isPresent() ? " (TLS)" : "")
                    + (gateway.redirectPort().isPresent() ? " and redirects to https" : "")
                    + gateway.tunnel()
                            .map(name -> ", also for remotes that connect to " + name)
                            .orElse(""));
        }
    }

    private static String target(RouteSettings route) {
        return route.target();
    }

    private static String granted(RemoteSettings remote, Grant grant) {
        String ports = grant.hasPorts()
                ? "ports " + grant.ports() + " of " + grant.bind().getHostAddress()
                : "";
        String host = grant.hosts().map(name -> "host " + name).orElse("");
        return (remote.isTemplate() ? "remotes " : "remote ") + remote.name() + " may ask for " + ports
                + (ports.isEmpty() || host.isEmpty() ? "" : " and ") + host;
    }

    private void add(ClientSettings client) {
        say("remote " + client.name() + " connects to " + Sockets.text(client.server()) + withTls(client.tls()));
        client.expose()
                .forEach(wish -> say("remote " + client.name() + " asks for "
                        + new Target(wish.host(), wish.targetPort()) + " to be exposed"
                        + (wish.port() == 0 ? "" : " at port " + wish.port())));
    }

    private static String withTls(Optional<TlsSettings> tls) {
        return tls.isPresent() ? " (TLS)" : "";
    }

    private void warnOfNamesForAnybody(ServerSettings settings, Addresses addresses, boolean byOptions) {
        String names = settings.remotes().stream()
                .filter(remote -> remote.tokens().isEmpty())
                .map(RemoteSettings::name)
                .collect(Collectors.joining(", "));
        boolean certified = settings.port().asksForCertificates();
        Optional<InetSocketAddress> open = forRemotes(settings, addresses)
                .filter(address -> !address.getAddress().isLoopbackAddress())
                .findFirst();
        if (names.isEmpty() || certified || open.isEmpty()) {
            return;
        }
        warn("anybody who reaches " + Sockets.text(open.get()) + " can connect as remote " + names
                + (byOptions
                        ? ": set the variable PORTPROXY_TOKEN, or write --token-file NAME=FILE for each of these names"
                        : ": set portproxy.server.proxy[].tokens for each of these names")
                + (settings.port().classicAllowed() && !byOptions
                        ? ", and portproxy.server.classic to deny once no remote needs the classic dialect"
                        : ""));
    }

    private static Stream<InetSocketAddress> forRemotes(ServerSettings settings, Addresses addresses) {
        return Stream.concat(
                Stream.of(addresses.tunnel()),
                IntStream.range(0, settings.gateways().size())
                        .filter(i -> settings.gateways().get(i).tunnel().isPresent())
                        .mapToObj(addresses.gateways()::get));
    }

    /** Adds one warning for both roles, because both are about tunnels. */
    private void warnOfPlainTunnels(ProcessSettings configuration) {
        boolean options = configuration.byOptions();
        List<String> toSet = new ArrayList<>();
        configuration
                .server()
                .map(CheckedServer::settings)
                .filter(server -> server.port().tls().isEmpty())
                .filter(server -> !server.port().bind().getAddress().isLoopbackAddress())
                .ifPresent(server -> toSet.add(options ? "--tls-cert and --tls-key" : "portproxy.server.ssl.bundle"));
        configuration
                .client()
                .filter(client -> client.tls().isEmpty())
                .filter(client -> !isLoopback(client.server().getHostString()))
                .ifPresent(client -> toSet.add(
                        options ? "--tls, or --tls-ca with the server's certificate" : "portproxy.client.ssl.bundle"));
        if (!toSet.isEmpty()) {
            warn("tunnels are not encrypted: tokens protect the greeting, but anybody on the way can read and change"
                    + " what follows; " + (options ? "write " : "set ") + String.join(" and ", toSet));
        }
    }

    /** Checks the text only. A name that only a name service knows to be loopback gets a needless warning. */
    private static boolean isLoopback(String host) {
        return host.equalsIgnoreCase("localhost")
                || host.matches("127\\.[0-9]+\\.[0-9]+\\.[0-9]+")
                || host.matches("::1|0:0:0:0:0:0:0:1");
    }
}
