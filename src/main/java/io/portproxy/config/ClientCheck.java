package io.portproxy.config;

import io.portproxy.client.ClientSettings;
import io.portproxy.config.HostPort.InvalidAddressException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;

/** Checks {@link ClientProperties} and turns them into settings. */
final class ClientCheck {
    private static final String PREFIX = PortProxyProperties.PREFIX + ".client";
    private static final String EXAMPLE = "proxy.example.org:9015";

    private final ClientProperties properties;
    private final Problems problems;

    ClientCheck(ClientProperties properties, Problems problems) {
        this.properties = properties;
        this.problems = problems;
    }

    /** The settings, or empty if there are problems; may block on name resolution. */
    Optional<ClientSettings> run() {
        RangeCheck ranges = new RangeCheck(problems, PREFIX);
        properties.limits().check(ranges);
        ranges.duration("connect-timeout", properties.connectTimeout());
        ranges.duration("reconnect.initial", properties.reconnect().initial(), Duration.ofMillis(1));
        ranges.duration("reconnect.max", properties.reconnect().max(), Duration.ofMillis(1));
        ranges.atLeast(
                "reconnect.max",
                properties.reconnect().max(),
                "reconnect.initial",
                properties.reconnect().initial());
        String name = RemoteName.check(problems, PREFIX + ".name", properties.name());
        Optional<InetSocketAddress> server = server();
        if (!problems.isEmpty()) {
            return Optional.empty();
        }
        return server.map(address -> new ClientSettings(
                name,
                address,
                properties.heartbeatInterval(),
                properties.connectTimeout(),
                properties.reconnect().initial(),
                properties.reconnect().max(),
                properties.limits().settings()));
    }

    private Optional<InetSocketAddress> server() {
        String property = PREFIX + ".server";
        String text = properties.server();
        String fix = "write the proxy server's host:port, such as " + EXAMPLE;
        if (text == null) {
            problems.add(property, null, "is missing", fix);
            return Optional.empty();
        }
        try {
            HostPort written = HostPort.parse(text, EXAMPLE);
            if (written.host().isEmpty() || written.port() == 0) {
                problems.add(property, text, written.host().isEmpty() ? "has no host" : "has port 0", fix);
                return Optional.empty();
            }
            if (properties.resolveAtStart()) {
                written.resolve("correct the name, or set " + PREFIX
                        + ".resolve-at-start to false to start all the same and try for ever");
            }
            return Optional.of(InetSocketAddress.createUnresolved(written.hostWithoutBrackets(), written.port()));
        } catch (InvalidAddressException e) {
            problems.add(property, text, e.reason(), e.fix());
            return Optional.empty();
        }
    }
}
