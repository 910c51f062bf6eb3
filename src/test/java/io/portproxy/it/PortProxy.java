package io.portproxy.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/** Starts the built jar, {@link Unpacked}, with little memory. {@code StartIT} starts the jar as it is. */
final class PortProxy {
    /** What the server logs when a remote has connected. The remote's address follows. */
    static final String CONNECTED = "remote r is connected from ";

    /** What the server logs when a remote has disconnected. The reason follows. */
    static final String DISCONNECTED = " is disconnected: ";

    /** What the client logs when its tunnel is up. */
    static final String UP = " is up as remote r";

    /** What Spring Boot logs when a start is complete. */
    static final String STARTED = "Started PortProxyApplication";

    /** An option that leaves the dashboard and the admin API out, which take a third of a start. For tests that do not ask for them. */
    static final String WITHOUT_ADMIN = "--spring.main.web-application-type=none";

    private PortProxy() {}

    /** Starts the jar in the roles that {@code profiles} name, with a configuration file. */
    static Child start(Children children, String profiles, Path configuration, String... options) throws IOException {
        List<String> command = command(profiles, configuration);
        command.addAll(Arrays.asList(options));
        return children.start(command);
    }

    /** Returns the command line for the roles that {@code profiles} name, with a configuration file. */
    static List<String> command(String profiles, Path configuration) {
        return command("--spring.profiles.active=" + profiles, "--spring.config.additional-location=" + configuration);
    }

    /** Returns the command line with those options. */
    static List<String> command(String... options) {
        String jar = System.getProperty("it.jar");
        assertThat(jar).as("system property it.jar: the built jar").isNotNull();
        List<String> command;
        try {
            command = Unpacked.command(Path.of(jar));
        } catch (IOException | InterruptedException e) {
            throw new AssertionError("the jar could not be made ready", e);
        }
        command.add("--server.port=0");
        command.addAll(Arrays.asList(options));
        return command;
    }

    /** Checks that the log has no line at ERROR and no stack trace. */
    static void assertNothingWentWrong(Child portProxy) {
        assertThat(portProxy.output().lines())
                .as("log of a PortProxy")
                .noneMatch(line -> line.contains(" ERROR ") || line.startsWith("\tat "));
    }
}
