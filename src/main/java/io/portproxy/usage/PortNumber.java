package io.portproxy.usage;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The number of an exposed port, or a number within its range, in the port's text, such as {@code 0.0.0.0:51820-udp}. */
public final class PortNumber {
    private static final Pattern NUMBER = Pattern.compile("[1-9][0-9]{0,4}");

    /** No unix socket, and no path of a host: those have slashes. */
    private static final Pattern PORTS = Pattern.compile("[^/]*:([0-9]{1,5})(?:-([0-9]{1,5}))?(?:-udp)?");

    private PortNumber() {}

    /** Whether somebody has written a number alone. */
    public static boolean isWritten(String text) {
        return NUMBER.matcher(text).matches();
    }

    /** Whether the port has the number that was written, or its range contains it; no: none was written. */
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

    /** Whether the port is meant: its whole text was written, or a number of its own. */
    public static boolean isMeant(String port, String written) {
        return port.equals(written) || isOf(port, written);
    }
}
