package io.portproxy.config;

import io.portproxy.config.properties.PortProxyProperties;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.origin.OriginLookup;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.EnumerablePropertySource;
import org.springframework.core.env.PropertySource;

/** Finds the properties whose changes need a restart of the process. */
final class RestartKeys {
    /** A reload applies changes of the keys below these names while the process runs. */
    private static final ConfigurationPropertyName REMOTES =
            ConfigurationPropertyName.of(PortProxyProperties.PREFIX + ".server.proxy");

    private static final ConfigurationPropertyName GATEWAYS =
            ConfigurationPropertyName.of(PortProxyProperties.PREFIX + ".server.gateways");

    private static final ConfigurationPropertyName ACCESS =
            ConfigurationPropertyName.of(PortProxyProperties.PREFIX + ".server.access");

    private static final ConfigurationPropertyName LIMITS =
            ConfigurationPropertyName.of(PortProxyProperties.PREFIX + ".server.limits");

    private static final ConfigurationPropertyName HOLD_WHILE_AWAY =
            ConfigurationPropertyName.of(PortProxyProperties.PREFIX + ".server.hold-while-away");

    private static final ConfigurationPropertyName ERROR_PAGES =
            ConfigurationPropertyName.of(PortProxyProperties.PREFIX + ".server.error-pages");

    /** Keys with other beginnings are values that properties refer to. The comparison of those properties covers them. */
    private static final Pattern OF_THE_PROGRAM = Pattern.compile("(portproxy|spring|server|management|logging)\\..*");

    private RestartKeys() {}

    /** Returns the sorted names of the properties that have changed. Never returns their values, which may be secret. */
    static List<String> between(ConfigurableEnvironment started, ConfigurableEnvironment now) {
        Set<String> names = new TreeSet<>();
        addNames(started, names);
        addNames(now, names);
        return names.stream()
                .filter(OF_THE_PROGRAM.asMatchPredicate())
                .filter(name -> !isExchanged(name))
                .filter(name -> !Objects.equals(value(started, name), value(now, name)))
                .toList();
    }

    /** Adds the names of properties from files. Variables and the command line cannot change. */
    private static void addNames(ConfigurableEnvironment environment, Set<String> names) {
        for (PropertySource<?> source : environment.getPropertySources()) {
            if (source instanceof OriginLookup<?> && source instanceof EnumerablePropertySource<?> values) {
                names.addAll(List.of(values.getPropertyNames()));
            }
        }
    }

    private static boolean isExchanged(String name) {
        ConfigurationPropertyName adapted = ConfigurationPropertyName.adapt(name, '.');
        return ERROR_PAGES.equals(adapted)
                || isWithin(REMOTES, adapted)
                || isWithin(GATEWAYS, adapted)
                || isWithin(ACCESS, adapted)
                || isWithin(LIMITS, adapted)
                || HOLD_WHILE_AWAY.equals(adapted);
    }

    private static boolean isWithin(ConfigurationPropertyName list, ConfigurationPropertyName name) {
        return list.equals(name) || list.isAncestorOf(name);
    }

    /** Returns the value of a property after it has replaced references, such as those to secrets in other files. */
    private static @Nullable String value(ConfigurableEnvironment environment, String name) {
        try {
            return environment.getProperty(name);
        } catch (IllegalArgumentException e) {
            return "refers to something that there is not"; // matters only where a property uses the value
        }
    }
}
