package io.portproxy.http;

/**
 * Which host names are meant: one, all below one ({@code *.example.com}, at any depth), or any ({@code *}).
 *
 * @param wildcard whether all names below {@code name} are meant, and not that itself
 * @param name {@linkplain HostName normal}; empty for any name
 */
public record HostPattern(boolean wildcard, String name) {
    private static final String ANY = "*";
    private static final String BELOW = "*.";

    /**
     * Reads one.
     *
     * @throws IllegalArgumentException it is none; the message says why
     */
    public static HostPattern parse(String text) {
        if (text.equals(ANY)) {
            return new HostPattern(true, "");
        } else if (text.startsWith(BELOW)) {
            return new HostPattern(true, HostName.require(text.substring(BELOW.length())));
        } else if (text.contains(ANY)) {
            throw new IllegalArgumentException(
                    "has an asterisk in a place where none can be: write *.example.com, or * for any name");
        }
        return new HostPattern(false, HostName.require(text));
    }

    /** Whether every name is meant that no other pattern is for. */
    public boolean isAny() {
        return name.isEmpty();
    }

    /** As it is written in a configuration. */
    public String text() {
        if (isAny()) {
            return ANY;
        }
        return wildcard ? BELOW + name : name;
    }
}
