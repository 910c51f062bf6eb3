package io.portproxy;

import io.portproxy.admin.AdminConfiguration;
import io.portproxy.cli.Commands;
import io.portproxy.cli.Console;
import io.portproxy.config.PortProxyConfiguration;
import io.portproxy.config.problem.StartFailure;
import io.portproxy.config.process.StartMemory;
import io.portproxy.demo.DemoConfiguration;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.aop.AopAutoConfiguration;
import org.springframework.boot.security.autoconfigure.UserDetailsServiceAutoConfiguration;
import org.springframework.boot.servlet.autoconfigure.MultipartAutoConfiguration;
import org.springframework.context.annotation.Import;

/** The entry point of the application. Starts PortProxy in the roles that the active profiles, or a command, name. */
@SpringBootConfiguration
// Not @SpringBootApplication: it would read all our classes at each start to find those that are beans.
@Import({AdminConfiguration.class, DemoConfiguration.class, PortProxyConfiguration.class})
@EnableAutoConfiguration(
        exclude = {
            UserDetailsServiceAutoConfiguration.class, // the admin API has its own users
            // PortProxy uses no aspects and accepts no uploads.
            AopAutoConfiguration.class,
            MultipartAutoConfiguration.class
        })
public class PortProxyApplication {

    /**
     * Starts the application on the calling thread, or does what another command asks for. If a start fails, the process ends
     * with the exit code of {@link StartFailure}.
     *
     * @param args a command with its options, or Spring Boot's command line, such as {@code --spring.profiles.active=server}
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
