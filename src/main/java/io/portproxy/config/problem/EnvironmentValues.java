package io.portproxy.config.problem;

import java.util.Optional;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.core.env.Environment;

/**
 * The values of properties as they are written in files, variables and options.
 *
 * @param environment the environment that contains them
 */
public record EnvironmentValues(Environment environment) implements WrittenValues {
    @Override
    public Optional<WrittenValue> at(Place place) {
        return place.isProperty()
                ? property(environment, place.text()).map(written -> WrittenValue.of(written, environment))
                : Optional.empty();
    }

    /**
     * Finds a property. An entry of a list may be written with the other entries in one text, separated by commas; then this
     * returns the whole list.
     */
    public static Optional<ConfigurationProperty> property(Environment environment, String property) {
        ConfigurationPropertyName name = ConfigurationPropertyName.adapt(property, '.');
        Optional<ConfigurationProperty> written = property(environment, name);
        return written.isEmpty() && name.isLastElementIndexed() ? property(environment, name.getParent()) : written;
    }

    private static Optional<ConfigurationProperty> property(Environment environment, ConfigurationPropertyName name) {
        for (ConfigurationPropertySource source : ConfigurationPropertySources.get(environment)) {
            ConfigurationProperty value = source.getConfigurationProperty(name);
            if (value != null) {
                return Optional.of(value);
            }
        }
        return Optional.empty();
    }
}
