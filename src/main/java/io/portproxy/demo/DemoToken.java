package io.portproxy.demo;

import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Map;
import org.springframework.boot.EnvironmentPostProcessor;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.context.config.ConfigDataEnvironmentPostProcessor;
import org.springframework.core.Ordered;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.Profiles;

/**
 * Makes the demonstration's token anew in each process, so that no secret comes with the program. {@code
 * application-demo.yml} refers to it.
 */
final class DemoToken implements EnvironmentPostProcessor, Ordered {
    static final String PROPERTY = "demo-token";

    private static final int BYTES = 32;
    private static final Map<String, Object> MADE = Map.of(PROPERTY, make());

    @Override
    public void postProcessEnvironment(ConfigurableEnvironment environment, SpringApplication application) {
        if (environment.acceptsProfiles(Profiles.of("demo"))) {
            environment.getPropertySources().addLast(new MapPropertySource(PROPERTY, MADE));
        }
    }

    private static String make() {
        byte[] bytes = new byte[BYTES];
        new SecureRandom().nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }

    /** After the profiles are known. */
    @Override
    public int getOrder() {
        return ConfigDataEnvironmentPostProcessor.ORDER + 1;
    }
}
