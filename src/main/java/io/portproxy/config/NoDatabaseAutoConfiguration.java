package io.portproxy.config;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.autoconfigure.AutoConfigurationImportFilter;
import org.springframework.boot.autoconfigure.AutoConfigurationMetadata;

/**
 * Prevents Spring Boot from starting a database with the application. {@link StoreConfiguration} starts it when it is needed.
 * This class is a filter, because a deployment that sets {@code spring.autoconfigure.exclude} would replace an exclusion of our
 * own.
 */
final class NoDatabaseAutoConfiguration implements AutoConfigurationImportFilter {
    private static final List<String> PACKAGES = List.of(
            "org.springframework.boot.jdbc.",
            "org.springframework.boot.persistence.",
            "org.springframework.boot.sql.",
            "org.springframework.boot.transaction.");

    @Override
    public boolean[] match(@Nullable String[] autoConfigurations, AutoConfigurationMetadata metadata) {
        boolean[] matches = new boolean[autoConfigurations.length];
        for (int i = 0; i < matches.length; i++) {
            String name = autoConfigurations[i];
            matches[i] = name == null || PACKAGES.stream().noneMatch(name::startsWith);
        }
        return matches;
    }
}
