package io.portproxy.config.check;

import io.portproxy.config.problem.EnvironmentValues;
import io.portproxy.config.problem.Origins;
import io.portproxy.config.problem.Remark;
import io.portproxy.config.properties.PortProxyProperties;
import io.portproxy.config.properties.Secret;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.context.properties.source.IterableConfigurationPropertySource;
import org.springframework.core.env.Environment;
import org.springframework.core.env.StandardEnvironment;

/** Finds files that contain a secret and that every user of the host can read. */
public final class FilePermissions {
    private static final ConfigurationPropertyName OWN = ConfigurationPropertyName.of(PortProxyProperties.PREFIX);
    private static final ConfigurationPropertyName BUNDLES = ConfigurationPropertyName.of("spring.ssl.bundle");
    private static final ConfigurationPropertyName DATABASE_PASSWORD =
            ConfigurationPropertyName.of("spring.datasource.password");
    private static final Pattern KEY_FILE =
            Pattern.compile("spring\\.ssl\\.bundle\\..*\\.keystore\\.(private-?key|location)");
    private static final Pattern REFERENCE = Pattern.compile("\\$\\{([^:{}]+)(:.*)?}");

    private FilePermissions() {}

    /** Returns a remark for each such file. */
    static List<Remark> remarks(Environment environment) {
        Set<Path> files = new LinkedHashSet<>();
        for (ConfigurationPropertySource source : ConfigurationPropertySources.get(environment)) {
            if (source instanceof IterableConfigurationPropertySource iterable && !isEnvironment(source)) {
                for (ConfigurationPropertyName name : iterable) {
                    ConfigurationProperty property =
                            OWN.isAncestorOf(name) || BUNDLES.isAncestorOf(name) || DATABASE_PASSWORD.equals(name)
                                    ? source.getConfigurationProperty(name)
                                    : null;
                    if (property != null) {
                        file(environment, property).ifPresent(files::add);
                    }
                }
            }
        }
        List<Remark> remarks = new ArrayList<>();
        files.forEach(file -> remark(file).ifPresent(text -> remarks.add(new Remark(false, text))));
        return remarks;
    }

    private static boolean isEnvironment(ConfigurationPropertySource source) {
        return source.getUnderlyingSource() instanceof org.springframework.core.env.PropertySource<?> underlying
                && underlying.getName().equals(StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME);
    }

    /** Returns the file that contains a property's secret; empty if the property has no secret, or none in a file. */
    private static Optional<Path> file(Environment environment, ConfigurationProperty property) {
        String text = String.valueOf(property.getValue());
        String name = property.getName().toString();
        if (KEY_FILE.matcher(name).matches()) {
            String resolved = environment.resolvePlaceholders(text);
            return resolved.startsWith("file:")
                    ? Optional.of(Path.of(resolved.substring("file:".length())))
                    : Optional.empty();
        } else if (!DATABASE_PASSWORD.equals(property.getName())
                && (!OWN.isAncestorOf(property.getName()) || !Secret.isAt(name))) {
            return Optional.empty();
        }
        Matcher reference = REFERENCE.matcher(text);
        return reference.matches()
                ? EnvironmentValues.property(environment, reference.group(1))
                        .flatMap(written -> Origins.file(written.getOrigin()))
                : Origins.file(property.getOrigin());
    }

    /**
     * Returns a warning if every user of the host can read a file with a secret.
     *
     * @return empty if other users may not read the file, or if this cannot be found out
     */
    public static Optional<String> remark(Path file) {
        try {
            return Files.isRegularFile(file) && othersMayRead(file)
                    ? Optional.of(
                            file + " has a secret in it, and every user of this machine can read it: chmod o= " + file)
                    : Optional.empty();
        } catch (IOException | UnsupportedOperationException e) {
            return Optional.empty();
        }
    }

    /** Returns whether other users may read a file. They also need the right to enter each folder above it. */
    private static boolean othersMayRead(Path file) throws IOException {
        boolean may = Files.getPosixFilePermissions(file).contains(PosixFilePermission.OTHERS_READ);
        for (Path folder = file.toAbsolutePath().getParent(); may && folder != null; folder = folder.getParent()) {
            may = Files.getPosixFilePermissions(folder).contains(PosixFilePermission.OTHERS_EXECUTE);
        }
        return may;
    }
}
