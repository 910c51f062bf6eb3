package io.portproxy.config.check;

import io.portproxy.config.check.HostPort.InvalidAddressException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An address in its written form, with a port or a range of ports at its end: {@code 22}, {@code host:22}, {@code 5000-5010},
 * {@code host:5000-5010}.
 *
 * @param first the address with the first port, as a text that has not been parsed
 * @param count the number of ports, 1 or more
 */
record PortsText(String first, int count) {
    private static final Pattern RANGE = Pattern.compile("((?:.*:)?)([0-9]+)-([0-9]+)");
    private static final String FIX = "write the first and the last port, such as 5000-5010";

    /**
     * Splits a text into the address with the first port, and the number of ports.
     *
     * @throws InvalidAddressException the range is wrong
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
