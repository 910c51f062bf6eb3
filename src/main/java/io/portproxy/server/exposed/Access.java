package io.portproxy.server.exposed;

import io.portproxy.net.AddressSet;
import java.net.InetAddress;
import java.util.Optional;

/**
 * Which users may connect, by their addresses.
 *
 * @param allow who may; empty: all that are not denied
 * @param deny who may not, allowed or not
 */
public record Access(Optional<AddressSet> allow, AddressSet deny) {
    /** For everybody. */
    public static final Access ALL = new Access(Optional.empty(), AddressSet.NONE);

    /** Whether a user may connect. */
    public boolean admits(InetAddress user) {
        return !deny.contains(user) && allow.map(some -> some.contains(user)).orElse(true);
    }
}
