package io.portproxy.usage;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Finds port numbers in the text of an exposed port, such as {@code 0.0.0.0:51820-udp}. The text may also contain a range. */
public final class PortNumber {
    private static final Pattern NUMBER = Pattern.compile("[1-9][0-9]{0,4}");

    /** Does not match unix sockets and hosts with a path, because these contain slashes. */
    private static final Pattern PORTS = Pattern.compile("[^/]*:([0-9]{1,5})(?:-([0-9]{1,5}))?(?:-udp)?");

    private PortNumber() {}

    /** Returns whether the text is only a port number. */
    public static boolean isWritten(String text) {
        return NUMBER.matcher(text).matches();
    }

    /**
     * Returns whether the port has the written number, or has a range that contains it. Returns {@code false} if the text is not a number.
     */
    public static boolean isOf(String port, String written) {
        Matcher ports = PORTS.matcher(port);
        if (!isWritten(written) || !ports.matches()) {
            return false;
        }
        int number = Integer.parseInt(written);
        int first = Integer.parseInt(ports.group(1));
        String last = ports.group(2);
        return first <= number && number <= (last == null ? first : Integer.parseInt(last));
    }

    /** Returns whether the written text refers to the port: it is the port's whole text, or one of its numbers. */
    public static boolean isMeant(String port, String written) {
        return port.equals(written) || isOf(port, written);
    }
}
