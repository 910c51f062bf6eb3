package io.portproxy.server;

import io.portproxy.http.HostName;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Which ports, and which host, a remote may have that it asks for itself.
 *
 * @param bind the address of this host at which they are
 * @param first the lowest port, 1 to 65535, or {@link #NO_PORT}
 * @param last the highest port, {@code first} to 65535
 * @param max how many a remote may have at a time, 1 or more
 * @param sticky how long a port is kept for a remote whose tunnel has ended
 * @param maxRemotes of a template: how many remotes there may be of it at a time, 1 or more
 * @param hosts the host at gateways that it may have, with {@link #NAME} for its name; empty: none
 */
public record Grant(
        InetAddress bind, int first, int last, int max, Duration sticky, int maxRemotes, Optional<String> hosts) {
    /** The first and the last, if there is none. */
    public static final int NO_PORT = 0;

    /** Stands for a remote's name in a host. */
    public static final String NAME = "{name}";

    private static final Pattern LABEL = Pattern.compile("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");

    /** One without a host. */
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
     * The host of a remote with that name, if there is one.
     *
     * @throws IllegalArgumentException with that name there can be none; the message says why
     */
    Optional<String> host(String remoteName) {
        if (hosts.isEmpty()) {
            return Optional.empty();
        }
        if (hosts.get().contains(NAME) && !LABEL.matcher(remoteName).matches()) {
            throw new IllegalArgumentException(
                    "the remote name " + remoteName
                            + " cannot stand in a host name: only small letters, digits and hyphens can, up to 63, and no hyphen at either end");
        }
        return Optional.of(HostName.require(hosts.get().replace(NAME, remoteName)));
    }

    /** Whether a port is among them. */
    boolean has(int port) {
        return hasPorts() && port >= first && port <= last;
    }

    /** Whether an address is among them. */
    boolean has(InetSocketAddress address) {
        return has(address.getPort()) && address.getAddress().equals(bind);
    }

    /** How many ports there are. */
    int size() {
        return last - first + 1;
    }

    /** The ports, as people write them. */
    public String ports() {
        return first == last ? String.valueOf(first) : first + "-" + last;
    }
}
