package io.portproxy.config.problem;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.core.env.Environment;

/**
 * A value as somebody wrote it, for messages.
 *
 * @param text the written text, with references replaced
 * @param origin where it was written, such as a file with line and column; empty if not known
 * @param from the property or variable to which the text refers as a whole; empty if the text is the value itself
 */
public record WrittenValue(String text, String origin, Optional<String> from) {
    /** A value that consists of one reference to a property, with or without a default. */
    private static final Pattern REFERENCE = Pattern.compile("\\$\\{([^:{}]+)(:.*)?}");

    /**
     * Reads the value of a property as its source contains it.
     *
     * @param environment replaces references
     */
    public static WrittenValue of(ConfigurationProperty property, Environment environment) {
        String text = Origins.written(property);
        Matcher reference = REFERENCE.matcher(text);
        return new WrittenValue(
                environment.resolvePlaceholders(text),
                Origins.text(property.getOrigin()),
                reference.matches() ? Optional.of(reference.group(1)) : Optional.empty());
    }
}
