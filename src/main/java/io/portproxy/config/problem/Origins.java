package io.portproxy.config.problem;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.origin.Origin;
import org.springframework.boot.origin.PropertySourceOrigin;
import org.springframework.boot.origin.TextResourceOrigin;
import org.springframework.boot.origin.TextResourceOrigin.Location;
import org.springframework.core.env.CommandLinePropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.io.Resource;

/** Finds where a value was written, and its original text. YAML converts numbers, true and false, and drops their text. */
public final class Origins {
    /** A number, true or false in YAML, in a block or within brackets. */
    private static final Pattern SCALAR = Pattern.compile("[^\\s,\\]}#]+");

    private Origins() {}

    /** Returns the file with line and column, the variable, or another source; empty if the origin is not known. */
    public static String text(@Nullable Origin origin) {
        Optional<TextResourceOrigin> text = inFile(origin);
        if (text.isPresent() && text.get().getLocation() != null) {
            return text(text.get(), text.get().getLocation());
        } else if (origin instanceof PropertySourceOrigin source && source.getOrigin() == null) {
            return switch (source.getPropertySource().getName()) {
                case CommandLinePropertySource.COMMAND_LINE_PROPERTY_SOURCE_NAME ->
                    "the command line (--" + source.getPropertyName() + ")";
                case StandardEnvironment.SYSTEM_PROPERTIES_PROPERTY_SOURCE_NAME ->
                    "the system property " + source.getPropertyName();
                default -> source.toString();
            };
        }
        return origin == null ? "" : origin.toString();
    }

    private static Optional<TextResourceOrigin> inFile(@Nullable Origin origin) {
        Origin inner = origin instanceof PropertySourceOrigin source ? source.getOrigin() : origin;
        return inner instanceof TextResourceOrigin text ? Optional.of(text) : Optional.empty();
    }

    /** As {@link #text(Origin)}, but with the line of the section {@code key} that contains the value. */
    public static String ofSection(@Nullable Origin origin, String key) {
        TextResourceOrigin text = inFile(origin).orElse(null);
        if (text != null && text.getLocation() != null) {
            List<String> lines = lines(text);
            Pattern section = Pattern.compile("[\\s\\[{-]*[\"']?\\Q" + key + "\\E[\"']?\\s*:.*");
            for (int i = Math.min(text.getLocation().getLine(), lines.size() - 1); i >= 0; i--) {
                if (section.matcher(lines.get(i)).matches()) {
                    return text(text, new Location(i, lines.get(i).indexOf(key)));
                }
            }
        }
        return text(origin);
    }

    /** Returns the file that contains the value; empty if it is not from a file. */
    public static Optional<Path> file(@Nullable Origin origin) {
        try {
            Resource resource =
                    inFile(origin).map(TextResourceOrigin::getResource).orElse(null);
            return resource != null && resource.isFile()
                    ? Optional.of(resource.getFile().toPath())
                    : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** Returns the value as its file contains it. */
    public static String written(ConfigurationProperty property) {
        String value = String.valueOf(property.getValue());
        TextResourceOrigin origin = inFile(property.getOrigin()).orElse(null);
        if (property.getValue() instanceof CharSequence || origin == null || origin.getLocation() == null) {
            return value;
        }
        List<String> lines = lines(origin);
        int line = origin.getLocation().getLine();
        int column = origin.getLocation().getColumn();
        if (line >= lines.size() || column > lines.get(line).length()) {
            return value;
        }
        Matcher scalar = SCALAR.matcher(lines.get(line).substring(column));
        return scalar.lookingAt() ? scalar.group() : value;
    }

    private static String text(TextResourceOrigin origin, Location location) {
        String file = file(origin).map(Path::toString).orElseGet(() -> String.valueOf(origin.getResource()));
        return file + ", line " + (location.getLine() + 1) + ", column " + (location.getColumn() + 1);
    }

    /** Returns the lines of a file; none if the file can no longer be read. */
    private static List<String> lines(TextResourceOrigin origin) {
        try {
            Optional<Path> file = file(origin);
            return file.isPresent() ? Files.readAllLines(file.get(), StandardCharsets.UTF_8) : List.of();
        } catch (IOException e) {
            return List.of();
        }
    }
}
