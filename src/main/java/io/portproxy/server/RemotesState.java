package io.portproxy.server;

import io.portproxy.net.ListenException;
import io.portproxy.server.exposed.Access;
import io.portproxy.server.exposed.ExposedPort;
import io.portproxy.server.exposed.PortSettings;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The remotes of a proxy server at one moment, with the ports of their settings. A {@link RemotesChange} leads from one
 * state to the next. Any thread.
 *
 * @param remotes the remotes by name: first those with an entry of their own, in the order of the settings, then those
 *     of templates
 * @param templates the templates by name
 * @param ports the ports of the remotes' settings, without granted ones
 * @param access who may connect to the ports and hosts of remotes without an access list
 */
record RemotesState(
        Map<String, Remote> remotes,
        Map<String, RemoteSettings> templates,
        Map<PortKey, ExposedPort> ports,
        Access access) {
    /** The state before the first change. */
    static final RemotesState NOTHING = new RemotesState(Map.of(), Map.of(), Map.of(), Access.ALL);

    RemotesState {
        remotes = Collections.unmodifiableMap(new LinkedHashMap<>(remotes));
        templates = Collections.unmodifiableMap(new LinkedHashMap<>(templates));
        ports = Map.copyOf(ports);
    }

    /**
     * The identity of a port before and after a change: its address, or, if the system chooses the port, its position
     * among the ports of its remote that have the same address.
     */
    record PortKey(SocketAddress address, int count, boolean udp, String remote, int index) {}

    /** Returns the same state with one more remote. */
    RemotesState with(Remote remote) {
        Map<String, Remote> more = new LinkedHashMap<>(remotes);
        more.put(remote.name(), remote);
        return new RemotesState(more, templates, ports, access);
    }

    /** Returns the same state without one remote. */
    RemotesState without(Remote remote) {
        Map<String, Remote> fewer = new LinkedHashMap<>(remotes);
        fewer.remove(remote.name());
        return new RemotesState(fewer, templates, ports, access);
    }

    /** All remotes, in their order. */
    Collection<Remote> all() {
        return remotes.values();
    }

    /** Returns the remote with that name. */
    Optional<Remote> find(String name) {
        return Optional.ofNullable(remotes.get(name));
    }

    /** Returns the template for a name without an entry of its own: the one with the longest prefix that fits. */
    Optional<RemoteSettings> template(String name) {
        return template(name, templates.values());
    }

    /** Returns the template with the longest prefix that fits a name. */
    static Optional<RemoteSettings> template(String name, Collection<RemoteSettings> templates) {
        return templates.stream()
                .filter(template -> template.fits(name))
                .max(Comparator.comparingInt(template -> template.name().length()));
    }

    /** Returns the port that continues with these settings. */
    Optional<ExposedPort> port(PortKey key, PortSettings wanted) {
        return Optional.ofNullable(ports.get(key)).or(() -> listeningAt(wanted));
    }

    /** Returns a port whose number the system chose, and that the settings now ask for by this number. */
    private Optional<ExposedPort> listeningAt(PortSettings wanted) {
        return ports.values().stream()
                .filter(port -> port.isUdp() == wanted.isUdp() && port.address().equals(wanted.address()))
                .findFirst();
    }

    /**
     * Checks that no granted port has the address. A port that a remote asked for and got stays its own. Without this
     * check, the system would only say that the address is in use.
     */
    void requireNotGranted(SocketAddress address) throws ListenException {
        for (Remote remote : all()) {
            if (remote.exposed().granted().stream().anyMatch(port -> port.port().overlaps(address))) {
                throw new ListenException(address, new IOException("granted to remote " + remote.name()));
            }
        }
    }

    /**
     * Checks that no port of the server has the address. A port that is to be removed still has its address at this
     * time.
     */
    void requireNotOurs(InetSocketAddress address) throws ListenException {
        requireNotGranted(address);
        for (Remote remote : all()) {
            if (remote.exposed().ports().stream().anyMatch(port -> !port.isUdp() && port.overlaps(address))) {
                throw new ListenException(address, new IOException("listened on by a port of remote " + remote.name()));
            }
        }
    }

    /**
     * Checks that no other range shares a port. A range with another length is a new range, and its ports are not free
     * before the old range is closed.
     */
    void requireNoOtherRange(PortSettings fresh) throws ListenException {
        for (ExposedPort port : ports.values()) {
            if (port.isUdp() == fresh.isUdp()
                    && (port.address().count() > 1 || fresh.address().count() > 1)) {
                Optional<? extends SocketAddress> shared =
                        fresh.address().all().stream().filter(port::overlaps).findFirst();
                if (shared.isPresent()) {
                    String remote = port.route().remoteName();
                    throw new ListenException(
                            shared.get(), new IOException("listened on by " + port.bound() + " of remote " + remote));
                }
            }
        }
    }
}
