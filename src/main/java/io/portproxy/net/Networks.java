package io.portproxy.net;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * Groups addresses by their holder. An IPv4 address is a holder of its own. All addresses of an IPv6 network of 64 bits
 * have one holder.
 */
public final class Networks {
    private static final int PREFIX_BYTES = 8;

    private Networks() {}

    /** Returns the same text for all addresses of one holder. */
    public static String of(InetAddress address) {
        return address instanceof Inet6Address six
                ? HexFormat.of().formatHex(Arrays.copyOf(six.getAddress(), PREFIX_BYTES))
                : address.getHostAddress();
    }

    /**
     * Does the same as {@link #of(InetAddress)}, for an address as text. A text that is no IPv6 address is returned
     * unchanged: no name is looked up.
     */
    public static String of(String address) {
        if (!address.matches("[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*")) { // any other text would be looked up
            return address;
        }
        try {
            return of(InetAddress.getByName(address));
        } catch (UnknownHostException e) {
            return address;
        }
    }
}
