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

    /** Starts with the file's text and the command line's options. */
    public static ConfigurableApplicationContext with(Path folder, String yaml, String... options) {
        return with(folder, yaml, application -> {}, options);
    }

    /** As {@link #with(Path, String, String...)}, with the admin API on any free port. */
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

    /** As {@link #withAdmin(Path, String, String...)}, with another store. */
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

    /** A proxy server with the admin API, a port for a remote {@code home}, and what the file has besides. */
    public static ConfigurableApplicationContext server(Path folder, String yaml) {
        return withAdmin(folder, yaml + """
            portproxy:
              workers: 1
              server:
                bind: 127.0.0.1:0
                proxy: [{remote-name: home, port-list: [{bind: 0, remote: 1}]}]
            """, "--spring.profiles.active=server");
    }

    /** As {@link #with(Path, String, String...)}, with something done to the application before. */
    static ConfigurableApplicationContext with(
            Path folder, String yaml, Consumer<SpringApplication> before, String... options) {
        SpringApplication application = new SpringApplication(PortProxyApplication.class);
        application.setWebApplicationType(WebApplicationType.NONE); // what is about the admin API turns it on
        before.accept(application);
        application.setRegisterShutdownHook(false);
        List<String> arguments = new ArrayList<>(List.of(options));
        arguments.add("--spring.config.additional-location=" + write(folder, "test.yml", yaml));
        if (!yaml.contains("reload-interval")) {
            arguments.add("--portproxy.reload-interval=0s"); // two of one test may write the same file
        }
        ConfigurableApplicationContext context = application.run(arguments.toArray(String[]::new));
        await().until(context.getBean(LogQueue.class)::hasWrittenAll); // for those who look at the start's lines
        return context;
    }

    /** What a start that must fail reports. */
    public static FailureAnalysis failure(Path folder, String yaml, String... options) {
        return analysis(catchThrowable(() -> with(folder, yaml, options).close()));
    }

    /** What Spring Boot would report of a failure. */
    public static FailureAnalysis analysis(@Nullable Throwable thrown) {
        for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            if (cause instanceof FailureAnalyzedException analyzed) {
                return analyzed.analysis();
            }
        }
        return fail("there should have been a report, but " + thrown);
    }

    /** Waits until no application has a thread of its data path any more. */
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
