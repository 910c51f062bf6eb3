package io.portproxy.config.problem;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.core.env.Environment;

/**
 * A value as somebody wrote it, for messages.
 *
 * @param text what was written, with references replaced
 * @param origin where it was written, such as a file with line and column; empty if not known
 * @param from the property or variable that all of it was taken from; empty if it stands there itself
 */
public record WrittenValue(String text, String origin, Optional<String> from) {
    /** A value that is another property's, or that default's. */
    private static final Pattern REFERENCE = Pattern.compile("\\$\\{([^:{}]+)(:.*)?}");

    /**
     * A property's, as its source has it.
     *
     * @param environment where references are looked up
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
