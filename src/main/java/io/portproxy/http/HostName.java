package io.portproxy.http;

import java.net.IDN;
import java.util.Locale;

/**
 * Brings host names into the form in which they are compared: in lower case, without the dot at the end, in ASCII (RFC
 * 5890), and an IPv6 address in brackets.
 */
public final class HostName {
    private static final int MAX_NAME = 253;
    private static final int MAX_LABEL = 63;

    private HostName() {}

    /** Returns the normal form of a host in a request or a TLS greeting, which is in ASCII already. */
    public static String normal(String host) {
        int end = host.endsWith(".") && host.length() > 1 ? host.length() - 1 : host.length();
        return host.substring(0, end).toLowerCase(Locale.ROOT);
    }

    /**
     * Checks a host name in a configuration and returns its normal form.
     *
     * @throws IllegalArgumentException if it is not a host name; the message says why
     */
    public static String require(String host) {
        String ascii;
        try {
            ascii = normal(IDN.toASCII(host, IDN.ALLOW_UNASSIGNED));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("is no host name", e);
        }
        if (ascii.isEmpty() || ascii.length() > MAX_NAME) {
            throw new IllegalArgumentException("is no host name: it has 1 to " + MAX_NAME + " characters");
        }
        for (String label : ascii.split("\\.", -1)) {
            requireLabel(label);
        }
        return ascii;
    }

    private static void requireLabel(String label) {
        if (label.isEmpty() || label.length() > MAX_LABEL) {
            throw new IllegalArgumentException(
                    "is no host name: between two dots there are 1 to " + MAX_LABEL + " characters");
        }
        for (int i = 0; i < label.length(); i++) {
            if (!isPlain(label.charAt(i))) {
                throw new IllegalArgumentException(
                        "is no host name: \"" + label.charAt(i) + "\" is not allowed in one");
            }
        }
    }

    private static boolean isPlain(char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
    }
}
