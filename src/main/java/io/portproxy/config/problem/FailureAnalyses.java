package io.portproxy.config.problem;

import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.FailureAnalyzedException;
import org.springframework.boot.diagnostics.FailureAnalyzer;
import org.springframework.core.env.Environment;
import org.springframework.core.io.support.SpringFactoriesLoader;
import org.springframework.core.io.support.SpringFactoriesLoader.ArgumentResolver;

/** Finds what Spring Boot would report for a failed start. */
public final class FailureAnalyses {
    private FailureAnalyses() {}

    /** Returns the report of a failure; null if no analyzer knows its kind. */
    public static @Nullable FailureAnalysis find(
            Throwable failure, @Nullable BeanFactory beans, @Nullable Environment environment) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof FailureAnalyzedException analyzed) {
                return analyzed.analysis();
            }
        }
        ArgumentResolver resolver = ArgumentResolver.none();
        if (beans != null) {
            resolver = resolver.and(BeanFactory.class, beans);
        }
        if (environment != null) {
            resolver = resolver.and(Environment.class, environment);
        }
        return SpringFactoriesLoader.forDefaultResourceLocation(FailureAnalyses.class.getClassLoader())
                .load(FailureAnalyzer.class, resolver, (type, name, error) -> {})
                .stream()
                .map(analyzer -> analyzer.analyze(failure))
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
    }
}
