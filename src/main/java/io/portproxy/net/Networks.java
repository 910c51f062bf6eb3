package io.portproxy.net;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.HexFormat;

/** Tells whose an address is: an IPv4 address is one holder's, and so are all addresses of an IPv6 network of 64 bits. */
public final class Networks {
    private static final int PREFIX_BYTES = 8;

    private Networks() {}

    /** The same text for all addresses of one holder. */
    public static String of(InetAddress address) {
        return address instanceof Inet6Address six
                ? HexFormat.of().formatHex(Arrays.copyOf(six.getAddress(), PREFIX_BYTES))
                : address.getHostAddress();
    }

    /** As {@link #of(InetAddress)}, of an address as it is written. A text that is none stands for itself: no name is looked up. */
    public static String of(String address) {
        if (!address.matches("[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*")) { // anything else would be looked up
            return address;
        }
        try {
            return of(InetAddress.getByName(address));
        } catch (UnknownHostException e) {
            return address;
        }
    }
}
