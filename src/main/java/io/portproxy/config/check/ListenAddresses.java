package io.portproxy.config.check;

import io.portproxy.config.check.HostPort.InvalidAddressException;
import io.portproxy.config.check.HostPort.UnresolvedException;
import io.portproxy.config.problem.Place;
import io.portproxy.config.problem.Problems;
import io.portproxy.net.Sockets;
import io.portproxy.net.UnixBind;
import io.portproxy.net.UnixPath;
import io.portproxy.server.RemoteSettings;
import io.portproxy.server.exposed.PortSettings;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.env.Environment;

/** The addresses at which this process would listen. Finds addresses that two parts of it want. */
final class ListenAddresses {
    private static final String WEB = "spring.main.web-application-type";

    private final Problems problems;
    private final Map<Object, List<Claim>> claims = new HashMap<>();

    /** An address that a part of the process has claimed. */
    private record Claim(Place place, SocketAddress address, boolean udp) {
        boolean overlaps(Claim other) {
            return udp == other.udp && Sockets.overlap(address, other.address);
        }
    }

    ListenAddresses(Problems problems) {
        this.problems = problems;
    }

    /** Claims the addresses of remotes that are already right. */
    void claim(Collection<RemoteSettings> remotes) {
        for (RemoteSettings remote : remotes) {
            for (PortSettings port : remote.ports()) {
                for (SocketAddress address : port.address().all()) {
                    claim(Place.property("remote " + remote.name()), Sockets.text(address), address, port.isUdp());
                }
            }
        }
    }

    /**
     * Claims the addresses of the admin API. Spring Boot decides where it listens, and reports what is wrong with these
     * properties.
     */
    void claimAdmin(Environment environment) {
        if (!environment.getProperty(WEB, "").equalsIgnoreCase("none")) {
            claim(environment, Place.property("server"));
            claim(environment, Place.property("management.server"));
        }
    }

    private void claim(Environment environment, Place prefix) {
        try {
            Binder binder = Binder.get(environment);
            Optional<InetAddress> address = Optional.ofNullable(
                    binder.bind(prefix.key("address").text(), InetAddress.class).orElse(null));
            binder.bind(prefix.key("port").text(), Integer.class)
                    .ifBound(port -> claim(
                            prefix.key("port"),
                            String.valueOf(port),
                            address.map(at -> new InetSocketAddress(at, port))
                                    .orElseGet(() -> new InetSocketAddress(port))));
        } catch (BindException | IllegalArgumentException e) {
            // Spring Boot reports it later, and more precisely.
        }
    }

    /**
     * Reads an address of this machine and claims it. May block on name resolution.
     *
     * @param place the place of the text in the configuration
     * @param text the text
     * @param defaultHost the host of a bare port
     * @param example an address that could be written instead
     * @return the address; empty if the text is no address, and a problem was added
     */
    Optional<InetSocketAddress> claim(Place place, @Nullable String text, String defaultHost, String example) {
        if (text == null) {
            problems.add(place, null, "is missing", "write host:port, such as " + example);
            return Optional.empty();
        }
        return claim(place, text, new PortsText(text, 1), false, defaultHost, example);
    }

    /**
     * As {@link #claim(Place, String, String, String)}, for one or many ports.
     *
     * @param udp whether the ports are for datagrams; the same ports remain free for connections
     * @return the first address
     */
    Optional<InetSocketAddress> claim(
            Place place, String text, PortsText ports, boolean udp, String defaultHost, String example) {
        try {
            HostPort parsed = HostPort.parse(ports.first(), example);
            HostPort written = parsed.host().isEmpty() ? new HostPort(defaultHost, parsed.port()) : parsed;
            InetSocketAddress address = new InetSocketAddress(
                    written.resolve("write an address of this machine, such as " + example), written.port());
            claim(place, text, addresses(address, ports.count()), udp);
            return Optional.of(address);
        } catch (UnresolvedException e) {
            problems.addPassing(place, text, e.reason(), e.fix());
        } catch (InvalidAddressException e) {
            problems.add(place, text, e.reason(), e.fix());
        }
        return Optional.empty();
    }

    /**
     * Reads a unix socket of this machine and claims it.
     *
     * @param place the place of the text in the configuration
     * @param text the text, which may be wrong
     * @return the socket; empty if the text is wrong, and a problem was added
     */
    Optional<UnixBind> claimUnix(Place place, String text) {
        Optional<String> wrong = UnixBind.wrongText(text);
        if (wrong.isPresent()) {
            problems.add(
                    place,
                    text,
                    wrong.get(),
                    "write an absolute path of up to " + UnixPath.MAX_BYTES
                            + " bytes, and its mode behind | if you want another one than " + UnixBind.DEFAULT_MODE
                            + ", such as unix:/run/portproxy/app.sock|0600");
            return Optional.empty();
        }
        UnixBind socket = UnixBind.parse(text);
        claim(place, text, socket.address(), false);
        return Optional.of(socket);
    }

    /**
     * Claims an address. Adds a problem if it is taken.
     *
     * @param place the place of the text in the configuration
     * @param text the text of the address
     * @param address the address; port 0 is never taken
     */
    void claim(Place place, String text, InetSocketAddress address) {
        claim(place, text, address, false);
    }

    private static List<InetSocketAddress> addresses(InetSocketAddress first, int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> new InetSocketAddress(first.getAddress(), first.getPort() + i))
                .toList();
    }

    private void claim(Place place, String text, SocketAddress address, boolean udp) {
        claim(place, text, List.of(address), udp);
    }

    /** Claims all addresses. If some are taken, adds a problem that names the first of them. */
    private void claim(Place place, String text, List<? extends SocketAddress> addresses, boolean udp) {
        addresses.stream().flatMap(address -> taken(place, address, udp).stream()).toList().stream()
                .findFirst()
                .ifPresent(other -> problems.add(
                        place,
                        text,
                        "is on the same address and port as " + other.place + " (" + Sockets.text(other.address) + ")",
                        "give each a port of its own"));
    }

    /** Claims an address without adding a problem. Returns {@code false} if it is taken. */
    boolean take(Place place, InetSocketAddress address) {
        return taken(place, address, false).isEmpty();
    }

    /** As {@link #take(Place, InetSocketAddress)}, for all addresses of a port. */
    boolean take(Place place, PortSettings port) {
        return port.address().all().stream()
                .map(address -> taken(place, address, port.isUdp()).isEmpty())
                .reduce(true, Boolean::logicalAnd);
    }

    /** Claims an address. Returns the claim that already has it, if there is one. */
    private Optional<Claim> taken(Place place, SocketAddress address, boolean udp) {
        Object key = address instanceof InetSocketAddress ip ? ip.getPort() : address; // others never overlap
        if (key.equals(0)) {
            return Optional.empty();
        }
        Claim claim = new Claim(place, address, udp);
        List<Claim> others = claims.computeIfAbsent(key, any -> new ArrayList<>());
        Optional<Claim> other = others.stream().filter(claim::overlaps).findFirst();
        others.add(claim);
        return other;
    }
}
