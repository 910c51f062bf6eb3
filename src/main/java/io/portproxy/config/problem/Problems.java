package io.portproxy.config.problem;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.core.env.Environment;

/** Collects problems, so that all of them are reported at once. For one thread. */
public final class Problems {
    /** A value that is another property's, or that default's. */
    private static final Pattern REFERENCE = Pattern.compile("\\$\\{([^:{}]+)(:.*)?}");

    private final Environment environment;
    private final List<Problem> found = new ArrayList<>();

    /** @param environment where values and their origins are looked up */
    public Problems(Environment environment) {
        this.environment = environment;
    }

    /**
     * Adds a problem with what was written for a property. Of several about the same property the first one counts:
     * the others tend to follow from it.
     *
     * @param property the canonical name
     * @param effective the value in effect, shown when nothing was written; may be null for none
     * @param reason what is wrong
     * @param fix what to write instead, or to do
     */
    public void add(String property, @Nullable Object effective, String reason, String fix) {
        add(describe(environment, property, effective, reason, fix));
    }

    /** As {@link #add(String, Object, String, String)}, of what may be otherwise at another start, such as a name's look-up. */
    public void addPassing(String property, @Nullable Object effective, String reason, String fix) {
        add(describe(environment, property, effective, reason, fix).passing());
    }

    public void add(Problem problem) {
        if (found.stream().noneMatch(other -> other.property().equals(problem.property()))) {
            found.add(problem);
        }
    }

    public List<Problem> all() {
        return List.copyOf(found);
    }

    /** Whether there is a problem with {@code property} or a key below it. */
    public boolean areAt(String property) {
        return found.stream().anyMatch(problem -> problem.isAt(property));
    }

    public boolean isEmpty() {
        return found.isEmpty();
    }

    /**
     * Ends the collecting.
     *
     * @throws ConfigurationProblemsException there is a problem
     */
    public void throwIfAny() {
        if (!found.isEmpty()) {
            throw new ConfigurationProblemsException(found);
        }
    }

    public static Problem describe(
            Environment environment, String property, @Nullable Object effective, String reason, String fix) {
        Optional<ConfigurationProperty> written = written(environment, property);
        return written.map(w -> describe(property, w, environment::resolvePlaceholders, reason, fix))
                .orElseGet(() ->
                        new Problem(property, effective == null ? "" : String.valueOf(effective), "", reason, fix));
    }

    public static Problem describe(
            String property, ConfigurationProperty written, Placeholders placeholders, String reason, String fix) {
        String text = Origins.written(written);
        String origin = Origins.text(written.getOrigin());
        Matcher reference = REFERENCE.matcher(text);
        String hint = reference.matches() ? "; the value comes from " + reference.group(1) : "";
        return new Problem(property, placeholders.resolve(text), origin, reason, fix + hint);
    }

    /** An entry of a list may have been written with the others in one text, separated by commas. */
    public static Optional<ConfigurationProperty> written(Environment environment, String property) {
        ConfigurationPropertyName name = ConfigurationPropertyName.adapt(property, '.');
        Optional<ConfigurationProperty> written = written(environment, name);
        return written.isEmpty() && name.isLastElementIndexed() ? written(environment, name.getParent()) : written;
    }

    private static Optional<ConfigurationProperty> written(Environment environment, ConfigurationPropertyName name) {
        for (ConfigurationPropertySource source : ConfigurationPropertySources.get(environment)) {
            ConfigurationProperty value = source.getConfigurationProperty(name);
            if (value != null) {
                return Optional.of(value);
            }
        }
        return Optional.empty();
    }

    /** Replaces {@code ${...}} in a text. */
    public interface Placeholders {
        String resolve(String text);
    }
}
