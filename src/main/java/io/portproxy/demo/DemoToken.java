package io.portproxy.demo;

import io.portproxy.config.source.MadeAtStart;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Map;
import org.springframework.boot.EnvironmentPostProcessor;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.context.config.ConfigDataEnvironmentPostProcessor;
import org.springframework.core.Ordered;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.Profiles;

/**
 * Generates a new token for the demonstration at each start, so that the program contains no secret. {@code application-demo.yml}
 * refers to it.
 */
final class DemoToken implements EnvironmentPostProcessor, Ordered {
    static final String PROPERTY = "demo-token";

    private static final int BYTES = 32;

    @Override
    public void postProcessEnvironment(ConfigurableEnvironment environment, SpringApplication application) {
        if (environment.acceptsProfiles(Profiles.of("demo"))
                && !environment.getPropertySources().contains(PROPERTY)) {
            byte[] bytes = new byte[BYTES];
            new SecureRandom().nextBytes(bytes);
            String token = HexFormat.of().formatHex(bytes);
            environment.getPropertySources().addLast(new MadeAtStart(PROPERTY, Map.of(PROPERTY, token)));
        }
    }

    /** Runs after the profiles are known. */
    @Override
    public int getOrder() {
        return ConfigDataEnvironmentPostProcessor.ORDER + 1;
    }
}
