package io.portproxy.config;

import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.fail;
import static org.awaitility.Awaitility.await;

import io.portproxy.PortProxyApplication;
import io.portproxy.config.process.LogQueue;
import io.portproxy.manage.Store;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.FailureAnalyzedException;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.support.GenericApplicationContext;

/** Starts the whole application from a configuration file. */
public final class Started {
    private Started() {}

    /** Starts the application with a file's text and options of the command line. */
    public static ConfigurableApplicationContext with(Path folder, String yaml, String... options) {
        return with(folder, yaml, application -> {}, options);
    }

    /** Starts as {@link #with(Path, String, String...)} does, with the admin API on any free port. */
    public static ConfigurableApplicationContext withAdmin(Path folder, String yaml, String... options) {
        List<String> arguments = new ArrayList<>(List.of(options));
        if (arguments.stream().noneMatch(option -> option.startsWith("--server.port="))) {
            arguments.add("--server.port=0");
        }
        return with(
                folder,
                yaml,
                application -> application.setWebApplicationType(WebApplicationType.SERVLET),
                arguments.toArray(String[]::new));
    }

    /** Starts as {@link #withAdmin(Path, String, String...)} does, with the store of a test. */
    public static ConfigurableApplicationContext withAdmin(Path folder, String yaml, Store store, String... options) {
        List<String> arguments = new ArrayList<>(List.of(options));
        arguments.add("--server.port=0");
        return with(
                folder,
                yaml,
                application -> {
                    application.setWebApplicationType(WebApplicationType.SERVLET);
                    application.addInitializers((GenericApplicationContext context) -> context.registerBean(
                            "storeOfTheTest", Store.class, () -> store, bean -> bean.setPrimary(true)));
                },
                arguments.toArray(String[]::new));
    }

    /** Starts a proxy server with the admin API, a port for the remote {@code home}, and the additional text of the file. */
    public static ConfigurableApplicationContext server(Path folder, String yaml) {
        return withAdmin(folder, yaml + """
            portproxy:
              workers: 1
              server:
                bind: 127.0.0.1:0
                proxy: [{remote-name: home, port-list: [{bind: 0, remote: 1}]}]
            """, "--spring.profiles.active=server");
    }

    /** Starts as {@link #with(Path, String, String...)} does, after {@code before} has changed the application. */
    static ConfigurableApplicationContext with(
            Path folder, String yaml, Consumer<SpringApplication> before, String... options) {
        SpringApplication application = new SpringApplication(PortProxyApplication.class);
        application.setWebApplicationType(WebApplicationType.NONE); // tests of the admin API turn it on
        before.accept(application);
        application.setRegisterShutdownHook(false);
        List<String> arguments = new ArrayList<>(List.of(options));
        arguments.add("--spring.config.additional-location=" + write(folder, "test.yml", yaml));
        if (!yaml.contains("reload-interval")) {
            arguments.add("--portproxy.reload-interval=0s"); // two applications of a test may write the same file
        }
        ConfigurableApplicationContext context = application.run(arguments.toArray(String[]::new));
        await().until(context.getBean(LogQueue.class)::hasWrittenAll); // for tests that read the start's lines
        return context;
    }

    /** Returns the report of a start that must fail. */
    public static FailureAnalysis failure(Path folder, String yaml, String... options) {
        return analysis(catchThrowable(() -> with(folder, yaml, options).close()));
    }

    /** Returns the report that Spring Boot would make of a failure. */
    public static FailureAnalysis analysis(@Nullable Throwable thrown) {
        for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            if (cause instanceof FailureAnalyzedException analyzed) {
                return analyzed.analysis();
            }
        }
        return fail("there should have been a report, but " + thrown);
    }

    /** Waits until no application has threads of its data path. */
    static void awaitNoEventLoop() {
        await().until(() -> Thread.getAllStackTraces().keySet().stream()
                .noneMatch(thread -> thread.getName().matches("(loop|tls)-.*")));
    }

    public static Path write(Path folder, String name, String text) {
        try {
            return Files.writeString(folder.resolve(name), text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
