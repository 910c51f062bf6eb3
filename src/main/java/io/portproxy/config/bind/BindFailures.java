package io.portproxy.config.bind;

import io.portproxy.config.problem.Origins;
import io.portproxy.config.problem.Place;
import io.portproxy.config.problem.Problem;
import io.portproxy.config.problem.Problems;
import io.portproxy.config.problem.WrittenValue;
import io.portproxy.config.properties.PortProxyProperties;
import io.portproxy.config.properties.Secret;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationPropertiesBindHandlerAdvisor;
import org.springframework.boot.context.properties.bind.AbstractBindHandler;
import org.springframework.boot.context.properties.bind.BindContext;
import org.springframework.boot.context.properties.bind.BindHandler;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.UnboundConfigurationPropertiesException;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.core.env.Environment;
import org.springframework.util.ClassUtils;
import org.springframework.util.unit.DataSize;

/**
 * Collects all errors of the binding of {@link PortProxyProperties}; Spring Boot alone would stop at the first. If a value cannot
 * be converted, the binding continues as if it were not there, until {@code ConfigurationCheck} reports it.
 */
public final class BindFailures implements ConfigurationPropertiesBindHandlerAdvisor {
    private static final ConfigurationPropertyName ROOT = ConfigurationPropertyName.of(PortProxyProperties.PREFIX);

    private final Environment environment;
    private final KnownKeys knownKeys = new KnownKeys();
    private final List<Problem> wrongValues = new ArrayList<>();
    private final UnknownKeys unknownKeys;

    public BindFailures(Environment environment) {
        this.environment = environment;
        this.unknownKeys = new UnknownKeys(environment, knownKeys);
    }

    /** Returns the problems of values with the wrong type, and of gaps in lists. */
    public List<Problem> wrongValues() {
        return List.copyOf(wrongValues);
    }

    /**
     * Returns the problems of keys that do not exist, together with the other problems. Leaves out those that only follow from
     * such a key.
     */
    public Problems withUnknownKeys(Problems others) {
        return unknownKeys.explain(others);
    }

    @Override
    public BindHandler apply(BindHandler handler) {
        return new Collector(handler);
    }

    private final class Collector extends AbstractBindHandler {
        Collector(BindHandler parent) {
            super(parent);
        }

        @Override
        public @Nullable Object onFailure(
                ConfigurationPropertyName name, Bindable<?> target, BindContext context, Exception error)
                throws Exception {
            Optional<ConfigurationProperty> written = written(name, context);
            if (!ROOT.isAncestorOf(name)) {
                return super.onFailure(name, target, context, error);
            } else if (error instanceof UnboundConfigurationPropertiesException unbound) {
                addGaps(unbound);
            } else if (written.isPresent()) {
                Class<?> type =
                        ClassUtils.resolvePrimitiveIfNecessary(target.getType().toClass());
                addWrongValue(written.get(), "is not " + article(type), "write " + example(type));
            } else {
                return super.onFailure(name, target, context, error);
            }
            return null;
        }

        /**
         * Finds texts that YAML reads as a number, or as true or false. The text that Spring makes of such a value can differ
         * from what the file contains.
         */
        @Override
        public @Nullable Object onSuccess(
                ConfigurationPropertyName name, Bindable<?> target, BindContext context, Object result) {
            if (ROOT.isAncestorOf(name) && target.getType().toClass() == String.class) {
                written(name, context)
                        .filter(property -> !Origins.written(property).equals(String.valueOf(property.getValue())))
                        .ifPresent(property -> addWrongValue(
                                property, "is read as " + property.getValue() + " by YAML", "write it in quotes"));
            }
            return super.onSuccess(name, target, context, result);
        }

        @Override
        public void onFinish(
                ConfigurationPropertyName name, Bindable<?> target, BindContext context, @Nullable Object result)
                throws Exception {
            if (!name.equals(ROOT)) {
                super.onFinish(name, target, context, result);
                return;
            }
            try {
                super.onFinish(name, target, context, result);
            } catch (UnboundConfigurationPropertiesException unbound) {
                addGaps(unbound);
            }
            unknownKeys.look(context.getSources());
        }
    }

    private static Optional<ConfigurationProperty> written(ConfigurationPropertyName name, BindContext context) {
        for (ConfigurationPropertySource source : context.getSources()) {
            ConfigurationProperty property = source.getConfigurationProperty(name);
            if (property != null) {
                return Optional.of(property);
            }
        }
        return Optional.empty();
    }

    /**
     * Adds a problem for each existing key that the binding did not use. Such a key follows from a wrong value, or comes after a
     * gap in a list.
     */
    private void addGaps(UnboundConfigurationPropertiesException unbound) {
        unbound.getUnboundProperties().stream()
                .filter(written -> wrongValues.isEmpty() && knownKeys.contains(written.getName()))
                .forEach(written -> addWrongValue(
                        written,
                        "is not used: an entry before it in the list is missing",
                        "number the entries of a list from 0 without a gap"));
    }

    private void addWrongValue(ConfigurationProperty written, String reason, String fix) {
        Place place = Place.property(knownKeys.documented(written.getName()));
        wrongValues.add(Problem.of(place, WrittenValue.of(written, environment), reason, fix));
    }

    private static String article(Class<?> type) {
        if (type == Duration.class) {
            return "a duration";
        } else if (type == DataSize.class) {
            return "a size";
        } else if (type == Integer.class) {
            return "a whole number, or is too large";
        } else if (type == Boolean.class) {
            return "true or false";
        } else if (type.isEnum()) {
            return "one of the values that exist: " + constants(type, ", ");
        } else if (type == Secret.class) {
            return "text: YAML reads it as a number, or as true or false";
        }
        return "a single value: there are keys below it";
    }

    private String example(Class<?> type) {
        if (type == Duration.class) {
            return "a whole number with a unit, such as 500ms, 10s or 2m, or a bare number of seconds";
        } else if (type == DataSize.class) {
            return "a whole number with one of the units B, KB, MB and GB, such as 64KB, or a bare number of bytes";
        } else if (type == Integer.class) {
            return "a whole number";
        } else if (type == Boolean.class) {
            return "true or false";
        } else if (type.isEnum()) {
            return constants(type, " or ");
        } else if (type == Secret.class) {
            return "it in quotes";
        }
        return "the keys below it instead: " + String.join(", ", knownKeys.of(type));
    }

    private static String constants(Class<?> type, String separator) {
        return Arrays.stream(type.getEnumConstants())
                .map(constant -> ((Enum<?>) constant).name().toLowerCase(Locale.ROOT))
                .collect(Collectors.joining(separator));
    }
}
