package io.portproxy.net;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads addresses that are written as numbers, so that no look-up is necessary. */
public final class NumericAddress {
    private static final Pattern IPV4 = Pattern.compile("(\\d{1,3})\\.(\\d{1,3})\\.(\\d{1,3})\\.(\\d{1,3})");
    private static final Pattern IPV6 = Pattern.compile("[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*(%.+)?");

    private NumericAddress() {}

    /**
     * Reads an address, as in {@code 192.0.2.1}, {@code 2001:db8::1} or {@code fe80::1%eth0}, without a look-up.
     *
     * @return empty for a name, and for a text that is no address
     */
    public static Optional<InetAddress> parse(String host) {
        try {
            Matcher ipv4 = IPV4.matcher(host);
            if (ipv4.matches()) {
                return ipv4(ipv4);
            }
            return IPV6.matcher(host).matches() ? Optional.of(InetAddress.getByName(host)) : Optional.empty();
        } catch (UnknownHostException e) {
            return Optional.empty(); // "::1::", or no such interface
        }
    }

    private static Optional<InetAddress> ipv4(Matcher parts) throws UnknownHostException {
        byte[] bytes = new byte[4];
        for (int i = 0; i < bytes.length; i++) {
            int part = Integer.parseInt(parts.group(i + 1));
            if (part > 255) {
                return Optional.empty();
            }
            bytes[i] = (byte) part;
        }
        return Optional.of(InetAddress.getByAddress(bytes));
    }
}
