package io.portproxy.http;

/**
 * The host names that a definition covers: one name, all names below one ({@code *.example.com}, at any depth), or any
 * name ({@code *}).
 *
 * @param wildcard whether the pattern covers all names below {@code name}, but not {@code name} itself
 * @param name {@linkplain HostName normal}; empty for any name
 */
public record HostPattern(boolean wildcard, String name) {
    private static final String ANY = "*";
    private static final String BELOW = "*.";

    /**
     * Reads a pattern.
     *
     * @throws IllegalArgumentException if the text is not a pattern; the message says why
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

    /** Returns whether the pattern covers every name that no other pattern covers. */
    public boolean isAny() {
        return name.isEmpty();
    }

    /** Returns the pattern as it is written in a configuration. */
    public String text() {
        if (isAny()) {
            return ANY;
        }
        return wildcard ? BELOW + name : name;
    }
}
