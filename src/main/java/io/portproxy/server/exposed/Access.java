package io.portproxy.server.exposed;

import io.portproxy.net.AddressSet;
import java.net.InetAddress;
import java.util.Optional;

/**
 * An access list: which users may connect, by their addresses.
 *
 * @param allow the addresses that may connect; empty for all that are not denied
 * @param deny the addresses that may not connect, even if they are allowed
 */
public record Access(Optional<AddressSet> allow, AddressSet deny) {
    /** Lets everybody connect. */
    public static final Access ALL = new Access(Optional.empty(), AddressSet.NONE);

    /** Whether a user may connect. */
    public boolean admits(InetAddress user) {
        return !deny.contains(user) && allow.map(some -> some.contains(user)).orElse(true);
    }
}
