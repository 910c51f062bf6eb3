package io.portproxy;

import io.portproxy.cli.Commands;
import io.portproxy.cli.Console;
import io.portproxy.config.problem.StartFailure;
import io.portproxy.config.process.StartMemory;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.autoconfigure.aop.AopAutoConfiguration;
import org.springframework.boot.security.autoconfigure.UserDetailsServiceAutoConfiguration;
import org.springframework.boot.servlet.autoconfigure.MultipartAutoConfiguration;

/** Starts PortProxy in the roles that the active profiles, or a command, name. */
@SpringBootApplication(
        // The others have no beans: to read all their classes takes a tenth of the start.
        scanBasePackages = {"io.portproxy.admin", "io.portproxy.config", "io.portproxy.demo", "io.portproxy.metrics"},
        exclude = {
            UserDetailsServiceAutoConfiguration.class, // admin has users of its own
            // Nothing here is woven or uploaded.
            AopAutoConfiguration.class,
            MultipartAutoConfiguration.class
        },
        // Its classes are loaded when the API's description is first asked for.
        excludeName = "org.springdoc.core.configuration.SpringDocConfiguration")
public class PortProxyApplication {

    /**
     * Starts the application on the calling thread, or does what else a command asks for. A start that fails ends the process with
     * the exit code of {@link StartFailure}.
     *
     * @param args a command with its options, or Spring Boot's command line, such as {@code
     *     --spring.profiles.active=server}
     */
    public static void main(String[] args) {
        if (!Commands.areMeant(args)) {
            start(() -> SpringApplication.run(PortProxyApplication.class, args));
            return;
        }
        int exitCode =
                Commands.run(args, Console.ofProcess(), launch -> start(() -> launch.run(PortProxyApplication.class)));
        if (exitCode != 0) {
            System.exit(exitCode);
        }
    }

    private static void start(Runnable start) {
        try {
            start.run();
            StartMemory.giveBackSoon();
        } catch (RuntimeException e) { // SpringApplication has reported it
            System.exit(StartFailure.exitCode(e));
        }
    }
}
