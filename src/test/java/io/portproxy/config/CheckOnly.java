package io.portproxy.config;

import io.portproxy.config.problem.ConfigurationProblemsException;
import io.portproxy.config.problem.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.core.env.MapPropertySource;

/** Runs the check of the configuration alone. Nothing listens or dials. */
public final class CheckOnly {
    private CheckOnly() {}

    /** Returns a runner with SSL bundles for the roles named in {@code profiles}, separated by commas. */
    public static ApplicationContextRunner runner(String profiles) {
        return new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(SslAutoConfiguration.class))
                .withUserConfiguration(PropertiesConfiguration.class)
                .withInitializer(context -> context.getEnvironment().setActiveProfiles(profiles.split(",")));
    }

    /** Returns the problems of a configuration with these values. They take precedence over all others. */
    public static List<Problem> problems(ApplicationContextRunner runner, Map<String, ?> values) {
        List<Problem> problems = new ArrayList<>();
        runner.withInitializer(context -> context.getEnvironment()
                        .getPropertySources()
                        .addFirst(new MapPropertySource("values", Map.copyOf(values))))
                .run(context -> problems.addAll(problems(context.getStartupFailure())));
        return problems;
    }

    private static List<Problem> problems(@Nullable Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof ConfigurationProblemsException found) {
                return found.problems();
            }
        }
        if (failure != null) {
            throw new AssertionError("the check failed", failure);
        }
        return List.of();
    }
}
