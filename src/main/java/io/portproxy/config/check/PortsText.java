package io.portproxy.config.check;

import io.portproxy.config.check.HostPort.InvalidAddressException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An address as it is written, with a port or a range of ports at its end: {@code 22}, {@code host:22}, {@code 5000-5010},
 * {@code host:5000-5010}.
 *
 * @param first the address with the first of the ports, not read yet
 * @param count how many ports there are, 1 or more
 */
record PortsText(String first, int count) {
    private static final Pattern RANGE = Pattern.compile("((?:.*:)?)([0-9]+)-([0-9]+)");
    private static final String FIX = "write the first and the last port, such as 5000-5010";

    /**
     * Finds the range.
     *
     * @throws InvalidAddressException it is none
     */
    static PortsText parse(String text) throws InvalidAddressException {
        Matcher range = RANGE.matcher(text);
        if (!range.matches()) {
            return new PortsText(text, 1);
        }
        int first = HostPort.port(range.group(2));
        int last = HostPort.port(range.group(3));
        if (first == 0) {
            throw new InvalidAddressException("has a range that begins at port 0", FIX);
        } else if (last < first) {
            throw new InvalidAddressException("has a range that ends before it begins", FIX);
        }
        return new PortsText(range.group(1) + first, last - first + 1);
    }
}
