package io.portproxy.config.problem;

import java.io.PrintWriter;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.context.event.ApplicationEnvironmentPreparedEvent;
import org.springframework.boot.context.event.ApplicationFailedEvent;
import org.springframework.boot.context.event.SpringApplicationEvent;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.logging.LogLevel;
import org.springframework.boot.logging.LoggingSystem;
import org.springframework.context.ApplicationListener;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.core.Ordered;
import org.springframework.core.env.Environment;

/** Prints the problems that a check finds. Replaces Spring Boot's report of a failed start, which would go to the log. */
public final class FailureReport implements ApplicationListener<SpringApplicationEvent>, Ordered {
    /** The loggers of Spring Boot's report. */
    private static final List<String> REPORTERS = List.of(
            "org.springframework.boot.diagnostics.LoggingFailureAnalysisReporter", SpringApplication.class.getName());

    private final PrintWriter err;
    private @Nullable Environment environment;

    /** @param err receives the report */
    public FailureReport(PrintWriter err) {
        this.err = err;
    }

    /** Lets Spring Boot report again, for the next application that starts in this process. */
    public static void reset() {
        setLevel(null);
    }

    private static void setLevel(@Nullable LogLevel level) {
        LoggingSystem logging = LoggingSystem.get(FailureReport.class.getClassLoader());
        REPORTERS.forEach(logger -> logging.setLogLevel(logger, level));
    }

    @Override
    public void onApplicationEvent(SpringApplicationEvent event) {
        if (event instanceof ApplicationEnvironmentPreparedEvent prepared) {
            environment = prepared.getEnvironment();
        } else if (event instanceof ApplicationFailedEvent failed) {
            setLevel(LogLevel.OFF);
            report(failed.getException(), failed);
        }
    }

    /** Runs before Spring Boot reads files. */
    @Override
    public int getOrder() {
        return Ordered.HIGHEST_PRECEDENCE;
    }

    private void report(Throwable failure, ApplicationFailedEvent event) {
        BeanFactory beans = event.getApplicationContext() == null
                ? null
                : event.getApplicationContext().getBeanFactory();
        FailureAnalysis analysis = FailureAnalyses.find(failure, beans, environment);
        err.println("The check has found something wrong.");
        err.println();
        if (analysis == null) {
            err.println(NestedExceptionUtils.getMostSpecificCause(failure));
        } else {
            err.println(analysis.getDescription());
            err.println();
            err.println("What to do:");
            err.println();
            err.println(analysis.getAction());
        }
        err.flush();
    }
}
