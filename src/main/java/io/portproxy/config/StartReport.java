package io.portproxy.config;

import io.portproxy.admin.api.StartFacts;
import io.portproxy.client.ClientSettings;
import io.portproxy.config.check.CheckedConfiguration;
import io.portproxy.config.check.PlannedPort;
import io.portproxy.config.check.ServerPlan;
import io.portproxy.config.check.Target;
import io.portproxy.net.Sockets;
import io.portproxy.net.tls.TlsSettings;
import io.portproxy.server.Grant;
import io.portproxy.server.ProxyServer;
import io.portproxy.server.RemoteSettings;
import io.portproxy.server.ServerSettings;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says at the start what is exposed, and to whom. */
final class StartReport {
    private static final Logger log = LoggerFactory.getLogger(StartReport.class);

    private final List<Line> lines = new ArrayList<>();

    private StartReport() {}

    /** What is said, and how loud. */
    record Line(boolean warning, String text) {}

    /** Logs it, with the addresses that are really listened on. */
    static void log(CheckedConfiguration configuration, Optional<ProxyServer> server) {
        List<Line> lines = server.map(running ->
                        lines(configuration, Optional.of(running.tunnelAddress()), running.exposedAddresses()))
                .orElseGet(() -> lines(configuration, Optional.empty(), List.of()));
        for (Line line : lines) {
            if (line.warning()) {
                log.warn("{}", line.text());
            } else {
                log.info("{}", line.text());
            }
        }
    }

    /** What operators are told as long as the process runs. */
    static StartFacts facts(CheckedConfiguration configuration) {
        return new StartFacts(
                configuration.server().map(plan -> security(plan.settings().tls())),
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

    /** What a start with the addresses as they were written would say. */
    static List<Line> lines(CheckedConfiguration configuration) {
        Optional<ServerPlan> server = configuration.server();
        return lines(
                configuration,
                server.map(plan -> plan.settings().bind()),
                server.map(ServerPlan::ports).orElse(List.of()).stream()
                        .map(PlannedPort::bind)
                        .toList());
    }

    private static List<Line> lines(
            CheckedConfiguration configuration, Optional<InetSocketAddress> tunnel, List<InetSocketAddress> exposed) {
        StartReport report = new StartReport();
        configuration
                .server()
                .ifPresent(plan -> report.add(plan, tunnel.orElseThrow(), exposed, configuration.byOptions()));
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

    private void add(ServerPlan plan, InetSocketAddress tunnel, List<InetSocketAddress> exposed, boolean byOptions) {
        say("remotes connect to " + Sockets.text(tunnel)
                + withTls(plan.settings().tls()));
        warnOfNamesForAnybody(plan.settings(), tunnel, byOptions);
        for (int i = 0; i < plan.ports().size(); i++) {
            PlannedPort port = plan.ports().get(i);
            say(Sockets.text(exposed.get(i)) + " is exposed (" + port.type() + ") for " + port.target() + " of remote "
                    + port.remoteName());
        }
        plan.settings().remotes().forEach(remote -> remote.grant().ifPresent(grant -> say(granted(remote, grant))));
        plan.settings().remotes().stream()
                .filter(remote -> remote.ports().isEmpty() && remote.grant().isEmpty())
                .forEach(remote -> warn("remote " + remote.name() + " has no exposed port: its port-list is empty"));
    }

    private static String granted(RemoteSettings remote, Grant grant) {
        return (remote.isTemplate() ? "remotes " : "remote ") + remote.name() + " may ask for ports " + grant.ports()
                + " of " + grant.bind().getHostAddress();
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

    private void warnOfNamesForAnybody(ServerSettings settings, InetSocketAddress tunnel, boolean byOptions) {
        String names = settings.remotes().stream()
                .filter(remote -> remote.tokens().isEmpty())
                .map(RemoteSettings::name)
                .collect(Collectors.joining(", "));
        boolean certified = settings.tls().map(TlsSettings::clientCertificate).orElse(false);
        if (names.isEmpty() || certified || tunnel.getAddress().isLoopbackAddress()) {
            return;
        }
        warn("anybody who reaches " + Sockets.text(tunnel) + " can be remote " + names
                + (byOptions
                        ? ": set the variable PORTPROXY_TOKEN, or write --token-file NAME=FILE for each of these names"
                        : ": set portproxy.server.proxy[].tokens for each of these names")
                + (settings.classicAllowed() && !byOptions
                        ? ", and portproxy.server.classic to deny once no remote needs the classic dialect"
                        : ""));
    }

    /** One warning for both roles: they are one network's. */
    private void warnOfPlainTunnels(CheckedConfiguration configuration) {
        boolean options = configuration.byOptions();
        List<String> toSet = new ArrayList<>();
        configuration
                .server()
                .map(ServerPlan::settings)
                .filter(server -> server.tls().isEmpty())
                .filter(server -> !server.bind().getAddress().isLoopbackAddress())
                .ifPresent(server -> toSet.add(options ? "--tls-cert and --tls-key" : "portproxy.server.ssl.bundle"));
        configuration
                .client()
                .filter(client -> client.tls().isEmpty())
                .filter(client -> !isLoopback(client.server().getHostString()))
                .ifPresent(client -> toSet.add(
                        options ? "--tls, or --tls-ca with the server's certificate" : "portproxy.client.ssl.bundle"));
        if (!toSet.isEmpty()) {
            warn("tunnels are not encrypted: tokens protect the greeting, but whoever is on the way can read and change"
                    + " what follows; " + (options ? "write " : "set ") + String.join(" and ", toSet));
        }
    }

    /** Without asking a name service: what only that knows to be loopback gets a warning too many. */
    private static boolean isLoopback(String host) {
        return host.equalsIgnoreCase("localhost")
                || host.matches("127\\.[0-9]+\\.[0-9]+\\.[0-9]+")
                || host.matches("::1|0:0:0:0:0:0:0:1");
    }
}
