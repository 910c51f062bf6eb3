package io.portproxy.config.properties;

/**
 * A text that must not be shown, as it was written; bound from text alone, because YAML's numbers lose digits. Blanks and
 * line ends around it are no part of it, nor is a byte order mark: files often have them.
 */
public final class Secret {
    /** What is shown in place of a secret. */
    public static final String HIDDEN = "(hidden)";

    /** What some editors begin a file with; it shows nowhere. */
    private static final String BYTE_ORDER_MARK = "\uFEFF";

    private final String text;

    private Secret(String text) {
        this.text = text;
    }

    /** The secret in a text; Spring Boot's binding finds this by its name. */
    public static Secret of(String text) {
        return new Secret((text.startsWith(BYTE_ORDER_MARK) ? text.substring(1) : text).strip());
    }

    /** The secret itself: not for logs, messages or exceptions. */
    public String text() {
        return text;
    }

    /** Whether the value of a property, or of what a JSON pointer points at, or what was written in its place, is a secret. */
    public static boolean isAt(String place) {
        return place.matches("(?i).*[./](tokens?|passwords?|secrets?|webhooks(\\[\\d+])?[./]url)([./\\[].*)?")
                && !place.matches("(?i).*[./]tokens(\\[\\d+]|/\\d+)[./](name|role)");
    }

    @Override
    public String toString() {
        return HIDDEN;
    }
}
