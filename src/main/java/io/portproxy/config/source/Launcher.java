package io.portproxy.config.source;

import io.portproxy.config.properties.PortProxyProperties;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.context.event.ApplicationEnvironmentPreparedEvent;
import org.springframework.boot.env.OriginTrackedMapPropertySource;
import org.springframework.boot.origin.Origin;
import org.springframework.boot.origin.OriginTrackedValue;
import org.springframework.context.ApplicationListener;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.Ordered;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.EnumerablePropertySource;
import org.springframework.core.env.Environment;

/**
 * A start with the properties that a command stands for. They override all others, and their origin is the name of the option.
 */
public final class Launcher {
    private static final String SOURCE = "command";

    private final Map<String, Object> properties;
    private final List<String> arguments;
    private final Map<Class<?>, Object> beans;
    private final boolean logToStandardError;

    private Launcher(Builder builder) {
        this.beans = Map.copyOf(builder.beans);
        this.logToStandardError = builder.logToStandardError;
        this.properties = Map.copyOf(builder.properties);
        this.arguments = List.copyOf(builder.arguments);
    }

    /** Returns a builder without properties. */
    public static Builder builder() {
        return new Builder();
    }

    /** Starts on the calling thread. If this throws an exception, the failure has already been reported. */
    public ConfigurableApplicationContext run(Class<?> source) {
        return run(new SpringApplication(source));
    }

    /** As {@link #run(Class)}, with an application that the caller has set up. */
    public ConfigurableApplicationContext run(SpringApplication application) {
        if (logToStandardError) {
            System.setOut(System.err); // the log follows System.out; consoles keep the original
        }
        application.addListeners(new BeforeFiles());
        application.addInitializers(context ->
                beans.forEach((type, bean) -> context.getBeanFactory().registerSingleton(type.getName(), bean)));
        return application.run(arguments.toArray(String[]::new));
    }

    /** Adds the properties before Spring Boot reads files, because they contain the profiles. */
    private final class BeforeFiles implements ApplicationListener<ApplicationEnvironmentPreparedEvent>, Ordered {
        @Override
        public void onApplicationEvent(ApplicationEnvironmentPreparedEvent event) {
            event.getEnvironment()
                    .getPropertySources()
                    .addFirst(new OriginTrackedMapPropertySource(SOURCE, properties, true));
        }

        @Override
        public int getOrder() {
            return Ordered.HIGHEST_PRECEDENCE;
        }
    }

    /** Returns whether a command's options described a role, at least in part. */
    public static boolean isByOptions(Environment environment) {
        return environment instanceof ConfigurableEnvironment sources
                && sources.getPropertySources().get(SOURCE) instanceof EnumerablePropertySource<?> source
                && Arrays.stream(source.getPropertyNames())
                        .anyMatch(name -> name.startsWith(PortProxyProperties.PREFIX + ".")
                                && !name.endsWith(".token")
                                && !name.endsWith(".ssl.bundle"));
    }

    /** The origin of a property that a command's option stands for. */
    record OptionOrigin(String option) implements Origin {
        @Override
        public String toString() {
            return option;
        }
    }

    /** Collects properties. For one thread. */
    public static final class Builder {
        private final Map<String, Object> properties = new LinkedHashMap<>();
        private final List<String> arguments = new ArrayList<>();
        private final Map<Class<?>, Object> beans = new LinkedHashMap<>();
        private boolean logToStandardError;

        private Builder() {}

        /** Adds a bean to the application. */
        public <T> void bean(Class<T> type, T bean) {
            beans.put(type, bean);
        }

        /** Makes the log go to standard error, so that standard output contains only the results of a command. */
        public void logToStandardError() {
            logToStandardError = true;
        }

        /** Sets the only role of the start. */
        public void role(String profile) {
            properties.put("spring.profiles.active", profile);
        }

        /** Sets a property. Messages name {@code option} as its origin. */
        public void set(String property, String value, String option) {
            properties.put(property, OriginTrackedValue.of(value, new OptionOrigin(option)));
        }

        /** Sets a property if there is a value. */
        public void setIfPresent(String property, Optional<String> value, String option) {
            value.ifPresent(text -> set(property, text, option));
        }

        /** Sets a property that is a list. */
        public void setList(String property, List<String> values, String option) {
            for (int i = 0; i < values.size(); i++) {
                set(property + "[" + i + "]", values.get(i), option);
            }
        }

        /** Adds an argument for Spring Boot, such as {@code --portproxy.workers=1}. */
        public void argument(String argument) {
            arguments.add(argument);
        }

        /** Returns whether arguments for Spring Boot were added. Each of them may name files or set properties. */
        public boolean hasArguments() {
            return !arguments.isEmpty();
        }

        /** Creates the launcher. */
        public Launcher build() {
            return new Launcher(this);
        }
    }
}
