package io.portproxy.server;

import io.portproxy.http.HostName;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The ports and the host that a remote may ask for.
 *
 * @param bind the address of this machine at which the ports are bound
 * @param first the lowest port, 1 to 65535, or {@link #NO_PORT}
 * @param last the highest port, {@code first} to 65535, or {@link #NO_PORT}
 * @param max the most ports of one remote at a time, 1 or more
 * @param sticky how long a port or host is kept for a remote whose tunnel has ended
 * @param maxRemotes for a template: the most remotes of it at a time, 1 or more
 * @param hosts the host at gateways that a remote may have, with {@link #NAME} for its name; empty for none
 */
public record Grant(
        InetAddress bind, int first, int last, int max, Duration sticky, int maxRemotes, Optional<String> hosts) {
    /** The value of {@code first} and {@code last} if the grant has no ports. */
    public static final int NO_PORT = 0;

    /** The placeholder for the remote's name in a host. */
    public static final String NAME = "{name}";

    private static final Pattern LABEL = Pattern.compile("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");

    /** A grant of ports without a host. */
    public Grant(InetAddress bind, int first, int last, int max, Duration sticky, int maxRemotes) {
        this(bind, first, last, max, sticky, maxRemotes, Optional.empty());
    }

    public Grant {
        boolean none = first == NO_PORT && last == NO_PORT && hosts.isPresent();
        if (!none && (first < 1 || last < first || last > 0xffff)) {
            throw new IllegalArgumentException("ports " + first + " to " + last);
        }
    }

    /** Whether the remote may ask for ports. */
    public boolean hasPorts() {
        return first != NO_PORT;
    }

    /**
     * Returns the host for a remote with that name; empty if the grant has no host.
     *
     * @throws IllegalArgumentException the name cannot be part of a host name; the message says why
     */
    Optional<String> host(String remoteName) {
        if (hosts.isEmpty()) {
            return Optional.empty();
        }
        if (hosts.get().contains(NAME) && !LABEL.matcher(remoteName).matches()) {
            throw new IllegalArgumentException(
                    "the remote name " + remoteName
                            + " cannot be part of a host name: use up to 63 lower-case letters, digits and hyphens, with no hyphen at the beginning or the end");
        }
        return Optional.of(HostName.require(hosts.get().replace(NAME, remoteName)));
    }

    /** Whether the grant has that port. */
    boolean has(int port) {
        return hasPorts() && port >= first && port <= last;
    }

    /** Whether the grant has that address. */
    boolean has(InetSocketAddress address) {
        return has(address.getPort()) && address.getAddress().equals(bind);
    }

    /** The number of ports. */
    int size() {
        return last - first + 1;
    }

    /** The ports as text: {@code 3000} or {@code 3000-3010}. */
    public String ports() {
        return first == last ? String.valueOf(first) : first + "-" + last;
    }
}
