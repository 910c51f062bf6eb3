package io.portproxy.config.problem;

/**
 * Where something is written: below a property, or in the JSON body of a request. Checks go down by {@link #key} and
 * {@link #entry}, and need not know which of the two it is.
 *
 * @param text as a message names it: {@code portproxy.server.proxy[0].remote-name}, or for a body a JSON pointer (RFC 6901), such
 *     as {@code /port-list/3/remote}
 * @param isProperty whether it is a property; otherwise it is in a body
 */
public record Place(String text, boolean isProperty) {
    private static final Place BODY = new Place("", false);

    /** A property by its canonical name, or what stands in the place of one in a message, such as a file's path. */
    public static Place property(String name) {
        return new Place(name, true);
    }

    /** The whole of a request's body. */
    public static Place body() {
        return BODY;
    }

    /** What is written for a key here. */
    public Place key(String name) {
        return isProperty
                ? property(text + "." + name)
                : new Place(text + "/" + name.replace("~", "~0").replace("/", "~1"), false);
    }

    /** An entry of the list here, the first of which is 0. */
    public Place entry(int index) {
        return isProperty ? property(text + "[" + index + "]") : new Place(text + "/" + index, false);
    }

    /** Whether the other one is this one, or somewhere below it. */
    public boolean contains(Place other) {
        return isProperty == other.isProperty
                && other.text.startsWith(text)
                && (other.text.length() == text.length()
                        || (isProperty ? ".[" : "/").indexOf(other.text.charAt(text.length())) >= 0);
    }

    @Override
    public String toString() {
        return text;
    }
}
