package io.portproxy.config.source;

import io.portproxy.config.properties.PortProxyProperties;
import java.util.Map;
import org.springframework.boot.EnvironmentPostProcessor;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.context.config.ConfigDataEnvironmentPostProcessor;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.Ordered;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;

/** Prevents the start of the web server and its parts if {@code portproxy.admin.enabled} is false. */
final class AdminSwitch implements EnvironmentPostProcessor, Ordered {
    static final String PROPERTY = PortProxyProperties.PREFIX + ".admin.enabled";

    private static final String WEB = "spring.main.web-application-type";

    @Override
    public void postProcessEnvironment(ConfigurableEnvironment environment, SpringApplication application) {
        if (!isOn(environment)) {
            environment.getPropertySources().addFirst(new MapPropertySource(PROPERTY, Map.of(WEB, "none")));
        }
    }

    private static boolean isOn(ConfigurableEnvironment environment) {
        try {
            return Binder.get(environment).bind(PROPERTY, Boolean.class).orElse(true);
        } catch (BindException e) {
            return true; // the check of all properties reports it
        }
    }

    /** Runs after Spring Boot has read files. */
    @Override
    public int getOrder() {
        return ConfigDataEnvironmentPostProcessor.ORDER + 1;
    }
}
