package io.portproxy.config.source;

import io.portproxy.config.properties.PortProxyProperties;
import io.portproxy.config.properties.Roles;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.springframework.boot.EnvironmentPostProcessor;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.context.config.ConfigDataEnvironmentPostProcessor;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.env.OriginTrackedMapPropertySource;
import org.springframework.core.Ordered;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.StandardEnvironment;

/**
 * Reads the files that {@code portproxy.legacy-config} names. The command line, system properties and the environment override
 * their values; their values override application.yml. The older program knew only the classic dialect, so a client's file sets
 * {@code portproxy.client.protocol=classic} unless another source sets the protocol.
 */
final class LegacyConfigPostProcessor implements EnvironmentPostProcessor, Ordered {
    private static final String PROTOCOL = PortProxyProperties.PREFIX + ".client.protocol";

    @Override
    public void postProcessEnvironment(ConfigurableEnvironment environment, SpringApplication application) {
        List<String> files = Binder.get(environment)
                .bind(LegacyFile.PROPERTY, Bindable.listOf(String.class))
                .orElseGet(List::of);
        Set<String> roles = new HashSet<>();
        List<OriginTrackedMapPropertySource> sources = new ArrayList<>();
        for (String file : files) {
            LegacyFile read = LegacyFile.read(file);
            if (!roles.add(read.role())) {
                throw LegacyFile.problem(file, "is the second file of a " + read.role(), "name one file for each role");
            }
            Map<String, Object> properties = new HashMap<>(read.properties());
            if (read.role().equals(Roles.CLIENT)
                    && !Binder.get(environment).bind(PROTOCOL, String.class).isBound()) {
                properties.putIfAbsent(PROTOCOL, "classic");
            }
            sources.add(new OriginTrackedMapPropertySource("legacy-config " + file, Map.copyOf(properties), true));
        }
        sources.forEach(source -> environment
                .getPropertySources()
                .addAfter(StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME, source));
    }

    /** Runs after Spring Boot has read application.yml, which may name the files. */
    @Override
    public int getOrder() {
        return ConfigDataEnvironmentPostProcessor.ORDER + 1;
    }
}
