package io.portproxy.acme;

import java.net.IDN;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** The host names that a certificate can be issued for. */
public final class HostNames {
    private static final int MOST = 253; // RFC 1035, section 2.3.4, without the dot at the end
    private static final String LABEL = "[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"; // RFC 5890, section 2.3.1
    private static final Pattern NAME = Pattern.compile(LABEL + "(\\." + LABEL + ")*");
    private static final Pattern ADDRESS = Pattern.compile("[0-9.]+|.*:.*");

    private HostNames() {}

    /**
     * Returns the form that certificates use: lower case, ASCII (A-labels of RFC 5891), and without a dot at the end.
     *
     * @return empty if {@link #problem} returns a problem
     */
    public static Optional<String> normal(String written) {
        String name = written.endsWith(".") ? written.substring(0, written.length() - 1) : written;
        try {
            String ascii = IDN.toASCII(name).toLowerCase(Locale.ROOT);
            boolean fits = ascii.length() <= MOST
                    && NAME.matcher(ascii).matches()
                    && !ADDRESS.matcher(ascii).matches();
            return fits ? Optional.of(ascii) : Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** Returns why no certificate can be issued for the name; empty if one can. */
    public static Optional<String> problem(String written) {
        if (normal(written).isPresent()) {
            return Optional.empty();
        } else if (written.startsWith("*.")) {
            return Optional.of(
                    "is a wildcard: a certificate for it needs the challenge dns-01, which PortProxy does not support");
        } else if (ADDRESS.matcher(written).matches()) {
            return Optional.of("is an address or has a port, and not the name of a host");
        }
        return Optional.of("is not the name of a host");
    }
}
