package io.portproxy.config.bind;

import io.portproxy.config.problem.EnvironmentValues;
import io.portproxy.config.problem.Origins;
import io.portproxy.config.problem.Place;
import io.portproxy.config.problem.Problem;
import io.portproxy.config.problem.Problems;
import io.portproxy.config.properties.PortProxyProperties;
import io.portproxy.config.properties.Roles;
import io.portproxy.config.source.LegacyFile;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName.Form;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.IterableConfigurationPropertySource;
import org.springframework.core.env.Environment;
import org.springframework.core.env.PropertySource;
import org.springframework.core.env.StandardEnvironment;

/**
 * Finds keys that do not exist. It looks for keys below {@code portproxy} in all sources, because Spring Boot's own search
 * overlooks those in a list within a list's entry and in the system properties. It looks for keys of Spring Boot, which has no
 * search for them, in files and on the command line.
 *
 * <p>It ignores keys in the system's environment, because a cluster adds variables such as PORTPROXY_SERVICE_HOST there.
 */
final class UnknownKeys {
    private static final String OWN = PortProxyProperties.PREFIX;
    private static final ConfigurationPropertyName ROOT = ConfigurationPropertyName.of(OWN);
    /** The names of the sources that somebody has written: files and trees of files, but not the files in the jar. */
    private static final Pattern WRITTEN = Pattern.compile(
            "Config (tree|resource '(?!class path)).*|commandLineArgs|spring\\.application\\.json", Pattern.DOTALL);

    private final Environment environment;
    private final KnownKeys own;
    private @Nullable SpringKeys spring; // created at the first key of Spring Boot
    private final Map<String, Problem> problems = new LinkedHashMap<>();
    private final List<String> meant = new ArrayList<>();

    UnknownKeys(Environment environment, KnownKeys own) {
        this.environment = environment;
        this.own = own;
    }

    /** Looks for wrong keys in all sources. */
    void look(Iterable<ConfigurationPropertySource> sources) {
        for (ConfigurationPropertySource source : sources) {
            String name =
                    source.getUnderlyingSource() instanceof PropertySource<?> underlying ? underlying.getName() : "";
            if (source instanceof IterableConfigurationPropertySource iterable
                    && !name.equals(StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME)) {
                boolean written = WRITTEN.matcher(name).matches();
                iterable.stream()
                        .filter(key -> written || ROOT.isAncestorOf(key))
                        .forEach(key -> mistake(key).ifPresent(mistake -> add(iterable, key, mistake)));
            }
        }
    }

    private Optional<UnknownKey> mistake(ConfigurationPropertyName name) {
        String first = name.getElement(0, Form.UNIFORM);
        if (ROOT.isAncestorOf(name)) {
            return own.contains(name) ? Optional.empty() : Optional.of(own.mistake(name));
        } else if (isLegacy(name, first)) {
            return Optional.of(new UnknownKey(
                    first,
                    false,
                    Optional.of(OWN + "." + (first.equals("proxy") ? Roles.SERVER : Roles.CLIENT)),
                    "stands at top level, as in a file of the older program",
                    "read that file by --" + LegacyFile.PROPERTY + "=FILE, or write its keys below " + OWN
                            + ".server or " + OWN + ".client"));
        } else if (name.getNumberOfElements() == 1) {
            return Optional.empty(); // a name that the operator chose, such as a secret's
        } else if (SpringKeys.USUAL.contains(name)) {
            return Optional.empty();
        } else if (SpringKeys.ROOTS.contains(first)) {
            return spring().mistake(name).map(mistake -> outside(name).orElse(mistake));
        } else if (KnownKeys.distance(first, OWN) <= 2) {
            return Optional.of(UnknownKey.unknown(name, 0, Optional.of(OWN), ""));
        }
        return outside(name);
    }

    /**
     * Returns whether the key is from a file of the older program. A server's file has a list {@code proxy}, and a client's file
     * has a text {@code server}.
     */
    private static boolean isLegacy(ConfigurationPropertyName name, String first) {
        return name.getNumberOfElements() == 1
                ? first.equals("server")
                : first.equals("proxy") && name.isNumericIndex(1);
    }

    /** Returns the mistake if this is a key of PortProxy without {@code portproxy} above it. */
    private Optional<UnknownKey> outside(ConfigurationPropertyName name) {
        if (!own.contains(ROOT.append(name))) {
            return Optional.empty();
        }
        String section = UnknownKey.written(name, 1);
        return Optional.of(new UnknownKey(
                section,
                false,
                Optional.of(OWN + "." + section),
                "stands outside of " + OWN,
                "write it below " + OWN + ", as " + OWN + "." + section));
    }

    private SpringKeys spring() {
        if (spring == null) {
            spring = new SpringKeys();
        }
        return spring;
    }

    private void add(IterableConfigurationPropertySource source, ConfigurationPropertyName name, UnknownKey mistake) {
        if (problems.containsKey(mistake.written())) {
            return;
        }
        Optional.ofNullable(source.getConfigurationProperty(name)).ifPresent(property -> {
            String value = mistake.isHarmless() ? environment.resolvePlaceholders(Origins.written(property)) : "";
            String key = mistake.written().substring(mistake.written().lastIndexOf('.') + 1);
            String origin = mistake.whole()
                    ? Origins.text(property.getOrigin())
                    : Origins.ofSection(property.getOrigin(), key.replaceFirst("\\[.*", ""));
            problems.put(
                    mistake.written(),
                    new Problem(Place.property(mistake.written()), value, origin, mistake.reason(), mistake.fix()));
            mistake.meant().ifPresent(meant::add);
        });
    }

    /**
     * Returns these problems together with the others. Leaves out the others that only follow: a value that is missing because
     * its key is wrong.
     */
    Problems explain(Problems others) {
        Problems all = new Problems(new EnvironmentValues(environment));
        problems.values().forEach(all::add);
        others.all().stream()
                .filter(problem -> !problem.nothingWritten()
                        || meant.stream().noneMatch(key -> Place.property(key).contains(problem.place())))
                .forEach(all::add);
        return all;
    }
}
