package io.portproxy.config.source;

import io.portproxy.config.problem.Origins;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.springframework.boot.origin.OriginLookup;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.EnumerablePropertySource;
import org.springframework.core.env.PropertySource;

/**
 * The files that contain an environment's values, and the files that would be read if they existed. This class finds changes by
 * the attributes of files. It also finds those that a watch on a folder misses: in a mounted ConfigMap, whose files are links
 * that are swapped, and in network folders.
 */
public final class ConfigurationFiles {
    private final ConfigurableEnvironment environment;
    private final Set<Path> read = new LinkedHashSet<>();

    /** Finds the files of an environment that Spring Boot has read. */
    public ConfigurationFiles(ConfigurableEnvironment environment) {
        this.environment = environment;
        environment.getPropertySources().forEach(this::add);
    }

    private void add(PropertySource<?> source) {
        if (source instanceof OriginLookup<?> && source instanceof EnumerablePropertySource<?> values) {
            for (String name : values.getPropertyNames()) {
                Origins.file(OriginLookup.getOrigin(values, name)).ifPresent(read::add);
            }
        }
    }

    /**
     * Returns the current attributes of each file as a text. If the next answer differs, one of the files has changed. Does not
     * read the files.
     */
    public Map<Path, String> stamps() {
        Set<Path> files = new LinkedHashSet<>(read);
        YamlFiles.addFound(environment, files);
        Map<Path, String> stamps = new TreeMap<>();
        files.forEach(file -> stamps.put(file.toAbsolutePath(), stamp(file)));
        return stamps;
    }

    /**
     * Returns a file that declared something, but is now gone or empty. Its folder may be unmounted, or a program may have
     * emptied the file to write it again. Files in a folder of secrets may come and go.
     */
    public Optional<Path> lost() {
        return read.stream()
                .filter(ConfigurationFiles::isOfProperties)
                .filter(ConfigurationFiles::isLost)
                .findFirst();
    }

    private static boolean isOfProperties(Path file) {
        String name = file.toString();
        return name.endsWith(".yml") || name.endsWith(".yaml") || name.endsWith(".properties");
    }

    private static boolean isLost(Path file) {
        try {
            return Files.size(file) == 0;
        } catch (IOException e) {
            return true;
        }
    }

    private static String stamp(Path file) {
        try {
            BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
            return Optional.ofNullable(attributes.fileKey())
                            .map(Object::toString)
                            .orElse("") + " " + attributes.size() + " " + attributes.lastModifiedTime();
        } catch (IOException e) {
            return "none";
        }
    }
}
