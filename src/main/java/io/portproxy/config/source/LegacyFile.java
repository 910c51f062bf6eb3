package io.portproxy.config.source;

import io.portproxy.config.problem.ConfigurationProblemsException;
import io.portproxy.config.problem.Place;
import io.portproxy.config.problem.Problem;
import io.portproxy.config.problem.YamlFailureAnalyzer;
import io.portproxy.config.properties.PortProxyProperties;
import io.portproxy.config.properties.Roles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.PropertySource;
import org.springframework.core.io.FileSystemResource;
import org.yaml.snakeyaml.error.YAMLException;

/**
 * A configuration file of the older program, whose keys are at top level. A server's file has {@code bind} and {@code proxy}. A
 * client's file has {@code name} and {@code server}. Both may have {@code heartbeat_interval} and {@code idle_timeout}.
 *
 * @param role {@code server} or {@code client}
 * @param properties the file's values with their origins, below {@code portproxy.server} or {@code portproxy.client}
 */
public record LegacyFile(String role, Map<String, Object> properties) {
    /** The property that names the files. */
    public static final String PROPERTY = PortProxyProperties.PREFIX + ".legacy-config";

    private static final Set<String> SERVER_KEYS = Set.of("bind", "proxy");
    private static final Set<String> CLIENT_KEYS = Set.of("name", "server");
    private static final String SHAPES = "a server's file has bind and proxy at top level, a client's name and server";

    /**
     * Reads a file.
     *
     * @throws ConfigurationProblemsException the file cannot be read, is no YAML, or has the keys of neither role or of both
     */
    public static LegacyFile read(String file) {
        Map<?, ?> values = load(file);
        Set<String> topLevel = values.keySet().stream()
                .map(key -> String.valueOf(key).split("[.\\[]", 2)[0])
                .collect(Collectors.toCollection(TreeSet::new));
        boolean server = topLevel.stream().anyMatch(SERVER_KEYS::contains);
        boolean client = topLevel.stream().anyMatch(CLIENT_KEYS::contains);
        if (server && client) {
            throw problem(
                    file,
                    "has the keys of a server and of a client: " + String.join(", ", topLevel),
                    "write them into two files; " + SHAPES);
        } else if (topLevel.contains(PortProxyProperties.PREFIX)) {
            throw problem(
                    file,
                    "is not a file of the older program: its keys stand below " + PortProxyProperties.PREFIX,
                    "read it with --spring.config.additional-location=" + file);
        } else if (!server && !client) {
            throw problem(file, "has neither the keys of a server nor of a client", SHAPES);
        }
        String role = server ? Roles.SERVER : Roles.CLIENT;
        Map<String, Object> properties = new HashMap<>();
        values.forEach((key, value) -> properties.put(PortProxyProperties.PREFIX + "." + role + "." + key, value));
        return new LegacyFile(role, properties);
    }

    private static Map<?, ?> load(String file) {
        Path path = Path.of(file).toAbsolutePath();
        if (!Files.exists(path)) {
            throw problem(file, "there is no such file", "correct the path; it is looked for at " + path);
        } else if (Files.isDirectory(path)) {
            throw problem(file, "is a directory", "write the path of a file; separate several with commas");
        } else if (!Files.isReadable(path)) {
            throw problem(file, "may not be read by this process", "give its user the right to read " + path);
        }
        List<PropertySource<?>> documents;
        try {
            documents = new YamlPropertySourceLoader().load(file, new FileSystemResource(path));
        } catch (YAMLException e) {
            throw problem(file, "cannot be read as YAML: " + YamlFailureAnalyzer.where(e), YamlFailureAnalyzer.FIX);
        } catch (IOException | IllegalStateException e) {
            throw problem(file, "cannot be read as YAML: " + e.getMessage(), "correct the file; " + SHAPES);
        }
        if (documents.size() > 1) {
            throw problem(file, "has " + documents.size() + " documents", "write one document a file, without ---");
        }
        return documents.isEmpty() ? Map.of() : ((MapPropertySource) documents.get(0)).getSource();
    }

    static ConfigurationProblemsException problem(String file, String reason, String fix) {
        return new ConfigurationProblemsException(
                List.of(new Problem(Place.property(PROPERTY), file, "", reason, fix)));
    }
}
