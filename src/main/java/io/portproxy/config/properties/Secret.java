package io.portproxy.config.properties;

/**
 * A text that must not be shown. It is bound only from text, because YAML's numbers lose digits. Blanks, line ends and a byte
 * order mark around the text do not belong to the secret; files often contain them.
 */
public final class Secret {
    /** The text that is shown in place of a secret. */
    public static final String HIDDEN = "(hidden)";

    /** An invisible character that some editors put at the beginning of a file. */
    private static final String BYTE_ORDER_MARK = "\uFEFF";

    private final String text;

    private Secret(String text) {
        this.text = text;
    }

    /** Creates a secret from a text. Spring Boot's binding finds this method by its name. */
    public static Secret of(String text) {
        return new Secret((text.startsWith(BYTE_ORDER_MARK) ? text.substring(1) : text).strip());
    }

    /** Returns the secret itself. Do not use it for logs, messages or exceptions. */
    public String text() {
        return text;
    }

    /**
     * Returns whether a value is a secret, by the name of its property or its JSON pointer. This includes a wrong value that
     * somebody wrote instead of a secret.
     */
    public static boolean isAt(String place) {
        return place.matches("(?i).*[./](tokens?|passwords?|secrets?|webhooks(\\[\\d+])?[./]url)([./\\[].*)?")
                && !place.matches("(?i).*[./]tokens(\\[\\d+]|/\\d+)[./](name|role)");
    }

    @Override
    public String toString() {
        return HIDDEN;
    }
}
