package io.portproxy.config.problem;

import io.portproxy.config.properties.Roles;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.springframework.boot.context.config.ConfigDataException;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyNameException;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.util.PlaceholderResolutionException;
import org.yaml.snakeyaml.error.YAMLException;

/** The exit codes of a process whose start failed. They tell a service manager whether another try makes sense. */
public final class StartFailure {
    /** Only another configuration helps: EX_CONFIG of sysexits.h. */
    public static final int WRONG_CONFIGURATION = 78;

    /** Another try may succeed: a port is in use, a name has no address, or memory ran out. */
    public static final int FAILED = 1;

    /** The exceptions that Spring Boot throws if a property or a file is wrong. */
    private static final List<Class<? extends Throwable>> OF_CONFIGURATION = List.of(
            BindException.class,
            ConfigDataException.class,
            InvalidConfigurationPropertyNameException.class,
            InvalidConfigurationPropertyValueException.class,
            PlaceholderResolutionException.class,
            YAMLException.class);

    private StartFailure() {}

    /**
     * Returns the exit code.
     *
     * @param failure what the start threw
     * @return {@link #WRONG_CONFIGURATION} or {@link #FAILED}
     */
    public static int exitCode(Throwable failure) {
        return Stream.iterate(failure, cause -> cause != null, Throwable::getCause)
                        .anyMatch(StartFailure::isOfConfiguration)
                ? WRONG_CONFIGURATION
                : FAILED;
    }

    private static boolean isOfConfiguration(Throwable cause) {
        if (cause instanceof ConfigurationProblemsException found) {
            return found.problems().stream().anyMatch(Predicate.not(Problem::mayPass));
        }
        return cause instanceof Roles.NoRoleException
                || OF_CONFIGURATION.stream().anyMatch(type -> type.isInstance(cause));
    }
}
