package io.portproxy.config.source;

import io.portproxy.config.problem.ConfigurationProblemsException;
import io.portproxy.config.problem.EnvironmentValues;
import io.portproxy.config.problem.Place;
import io.portproxy.config.problem.Problem;
import io.portproxy.config.problem.YamlFailureAnalyzer;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.springframework.boot.EnvironmentPostProcessor;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.context.config.ConfigDataEnvironmentPostProcessor;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.core.Ordered;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.PropertySource;
import org.springframework.core.io.FileSystemResource;
import org.yaml.snakeyaml.error.YAMLException;

/**
 * Reads the YAML files that Spring Boot will read, to find those that are no YAML. Spring Boot would not name the file. Ignores
 * files that do not exist and paths that are no files, because Spring Boot handles them.
 */
final class YamlFiles implements EnvironmentPostProcessor, Ordered {
    private static final String IMPORT = "spring.config.import";
    private static final List<String> LOCATIONS =
            List.of("spring.config.location", "spring.config.additional-location", IMPORT);
    private static final String NAMES = "application*.{yml,yaml}";

    @Override
    public void postProcessEnvironment(ConfigurableEnvironment environment, SpringApplication application) {
        List<Problem> problems = new ArrayList<>();
        Set<Path> files = new LinkedHashSet<>();
        for (String property : LOCATIONS) {
            check(environment, property, environment.getProperty(property, "")).ifPresent(problems::add);
        }
        addFound(environment, files);
        files.forEach(file -> read(file, problems, 1));
        if (!problems.isEmpty()) {
            throw new ConfigurationProblemsException(problems);
        }
    }

    /** Adds the YAML files that now exist at the locations that the environment names. */
    static void addFound(ConfigurableEnvironment environment, Set<Path> files) {
        LOCATIONS.forEach(property -> addAll(environment.getProperty(property, ""), files));
        if (environment.getProperty(LOCATIONS.get(0)) == null) {
            addAll("./;./config/", files);
        }
    }

    /** Runs before Spring Boot reads the files. */
    @Override
    public int getOrder() {
        return ConfigDataEnvironmentPostProcessor.ORDER - 1;
    }

    /** Returns a problem for a location that Spring Boot would report with a stack trace, or without the name of the property. */
    private static Optional<Problem> check(ConfigurableEnvironment environment, String property, String locations) {
        for (String location : locations.split("[,;]", -1)) {
            Path path = path(location.trim()).orElse(null);
            String reason = "";
            String fix = "";
            if (path == null || location.endsWith("/")) {
                continue;
            } else if (!Files.exists(path) && !location.trim().startsWith("optional:")) {
                reason = "there is no file " + path.toAbsolutePath();
                fix = "correct the path";
            } else if (Files.isDirectory(path)) {
                reason = "is a folder";
                fix = "write a file's path, or end it with / for the application.yml in that folder";
            } else if (Files.exists(path) && !path.toString().matches(".*\\.(ya?ml|properties)")) {
                reason = "is a file whose name does not say what it is";
                fix = "give it a name that ends in .yml";
            } else if (Files.exists(path) && !Files.isReadable(path)) {
                reason = "may not be read by this process";
                fix = "give its user the right to read " + path.toAbsolutePath();
            }
            if (!reason.isEmpty()) {
                return Optional.of(Problem.of(
                        new EnvironmentValues(environment), Place.property(property), location, reason, fix));
            }
        }
        return Optional.empty();
    }

    private static void read(Path file, List<Problem> problems, int depth) {
        try {
            for (PropertySource<?> document :
                    new YamlPropertySourceLoader().load(file.toString(), new FileSystemResource(file))) {
                Set<Path> imported = new LinkedHashSet<>();
                Object locations = document.getProperty(IMPORT);
                if (locations != null && depth > 0) {
                    addAll(locations.toString(), imported);
                }
                imported.forEach(next -> read(next, problems, depth - 1));
            }
        } catch (YAMLException e) {
            problems.add(new Problem(
                    Place.property(file.toString()),
                    "",
                    "",
                    "cannot be read as YAML: " + YamlFailureAnalyzer.where(e),
                    YamlFailureAnalyzer.FIX));
        } catch (IOException | IllegalStateException e) {
            // Spring Boot finds the same failure and reports it.
        }
    }

    /** Adds the files that the text of a property names, and those in the folders that it names. */
    private static void addAll(String locations, Set<Path> files) {
        for (String location : locations.split("[,;]", -1)) {
            path(location.trim()).ifPresent(path -> {
                if (Files.isDirectory(path)) {
                    addFolder(path, files);
                } else if (path.toString().matches(".*\\.ya?ml") && Files.isReadable(path)) {
                    files.add(path);
                }
            });
        }
    }

    private static Optional<Path> path(String location) {
        String path = location.replaceFirst("^optional:", "").replaceFirst("^file:(//(?=/))?", "");
        return path.isEmpty() || path.matches("[a-z]{2,}:.*") || path.indexOf('*') >= 0 || path.indexOf('\0') >= 0
                ? Optional.empty()
                : Optional.of(Path.of(path));
    }

    private static void addFolder(Path folder, Set<Path> files) {
        try (DirectoryStream<Path> found = Files.newDirectoryStream(folder, NAMES)) {
            found.forEach(files::add);
        } catch (IOException e) {
            // Spring Boot finds the same failure and reports it.
        }
    }
}
