package io.portproxy.net;

import java.net.InetAddress;
import java.net.UnknownHostException;

/**
 * A range of IP addresses.
 *
 * @param address any address in it
 * @param prefix how many of the first bits all its addresses share: 0 to 32 for IPv4, 0 to 128 for IPv6
 */
public record AddressRange(InetAddress address, int prefix) {
    private static final int V4_BYTES = 4;

    /** The number of bits before the IPv4 address in an IPv6 address that stands for it. */
    private static final int MAPPED_BITS = 96;

    /**
     * Checks the values.
     *
     * @throws IllegalArgumentException if the prefix is longer than the address, or negative
     */
    public AddressRange {
        if (prefix < 0 || prefix > bits(address)) {
            throw new IllegalArgumentException("the prefix has to be 0 to " + bits(address));
        }
    }

    /**
     * Reads {@code address/prefix}, or one address. Looks up no name.
     *
     * @param text IPv4 with four decimal numbers, or IPv6 with or without brackets. IPv4-mapped IPv6 (RFC 4291, section
     *     2.5.5.2) counts as IPv4
     * @throws IllegalArgumentException if it is neither; the message says what is wrong
     */
    public static AddressRange parse(String text) {
        int slash = text.indexOf('/');
        InetAddress address = literal(slash < 0 ? text : text.substring(0, slash));
        if (slash < 0) {
            return new AddressRange(address, bits(address));
        }
        String prefix = text.substring(slash + 1);
        if (!prefix.matches("\\d{1,3}")) {
            throw new IllegalArgumentException("the prefix has to be 0 to " + bits(address));
        }
        int mapped = address.getAddress().length == V4_BYTES && text.indexOf(':') >= 0 ? MAPPED_BITS : 0;
        return new AddressRange(address, Integer.parseInt(prefix) - mapped);
    }

    /**
     * Returns whether the range contains an address. A range of IPv4 never contains an IPv6 address, and the reverse.
     */
    public boolean contains(InetAddress other) {
        byte[] ours = address.getAddress();
        byte[] theirs = other.getAddress();
        if (ours.length != theirs.length) {
            return false;
        }
        for (int bit = 0; bit < prefix; bit += Byte.SIZE) {
            int mask = prefix - bit >= Byte.SIZE ? 0xff : 0xff << (Byte.SIZE - (prefix - bit));
            if (((ours[bit / Byte.SIZE] ^ theirs[bit / Byte.SIZE]) & mask) != 0) {
                return false;
            }
        }
        return true;
    }

    private static InetAddress literal(String text) {
        byte[] v4 = IpText.v4(text);
        try {
            if (v4.length > 0) {
                return InetAddress.getByAddress(v4);
            }
            if (text.indexOf(':') >= 0 && text.indexOf('%') < 0) {
                // The JDK accepts only a literal in brackets, and looks nothing up.
                return InetAddress.getByName(text.startsWith("[") ? text : "[" + text + "]");
            }
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException("it is no IP address", e);
        }
        throw new IllegalArgumentException("it is no IP address");
    }

    private static int bits(InetAddress address) {
        return address.getAddress().length * Byte.SIZE;
    }

    @Override
    public String toString() {
        return IpText.of(address) + "/" + prefix;
    }
}
