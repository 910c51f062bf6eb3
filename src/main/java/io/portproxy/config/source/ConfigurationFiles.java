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
 * The files that an environment's values are from, and those that would be read if they were there. They are told apart by what the file system says
 * of them, which also sees what a watch on a folder does not: a mounted ConfigMap, whose files are links that are swapped, and
 * folders of a network.
 */
public final class ConfigurationFiles {
    private final ConfigurableEnvironment environment;
    private final Set<Path> read = new LinkedHashSet<>();

    /** Those of an environment whose files have been read. */
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

    /** What is to be seen of each file now; another answer means that one of them has changed. Reads none of them. */
    public Map<Path, String> stamps() {
        Set<Path> files = new LinkedHashSet<>(read);
        YamlFiles.addFound(environment, files);
        Map<Path, String> stamps = new TreeMap<>();
        files.forEach(file -> stamps.put(file.toAbsolutePath(), stamp(file)));
        return stamps;
    }

    /**
     * A file that declared something and is gone, or has nothing in it any more: such as one whose folder is away, or that a program emptied
     * to write it anew. Files of a folder of secrets may come and go.
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
