package io.portproxy.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.portproxy.config.bind.KnownKeys;
import io.portproxy.config.problem.Problem;
import io.portproxy.config.source.LegacyFile;
import io.portproxy.testing.Documents;
import io.portproxy.testing.Documents.Block;
import io.portproxy.testing.PemFiles;
import io.portproxy.testing.TestCertificates;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.env.OriginTrackedMapPropertySource;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.core.env.MutablePropertySources;
import org.springframework.core.io.ByteArrayResource;

/**
 * Tests that the examples in the documents are right. The configuration's check reads each block of YAML for the role
 * whose keys it has. A block that is not a configuration of PortProxy has more than {@code yaml} behind its fence.
 */
class DocumentedExamplesTest {
    private static final Pattern ROLE = Pattern.compile("(?m)^(?:  |portproxy\\.)(server|client)\\b");
    private static final Pattern REFERENCE = Pattern.compile("\\$\\{([\\w.-]+)}");
    private static final Pattern PROPERTY = Pattern.compile("(?<![\\w./:-])portproxy\\.[a-z][\\w.\\[\\]-]*");
    private static final Pattern FILE_NAME = Pattern.compile("portproxy\\.(jar|yml|yaml|service|deb|example.*)");
    private static final Pattern TLS_FOLDER = Pattern.compile("(?:\\.|/etc/portproxy)/tls/");

    @TempDir
    static Path folder;

    @BeforeAll
    static void makeCertificates() throws IOException {
        PemFiles.write(folder, "tls", TestCertificates.SERVER, TestCertificates.CA);
        Files.copy(folder.resolve("tls.ca"), folder.resolve("ca.crt"));
    }

    static Stream<Block> blocks() {
        return Documents.blocks("yaml");
    }

    @ParameterizedTest
    @MethodSource("blocks")
    void isRight(Block block) throws IOException {
        String yaml = TLS_FOLDER.matcher(block.text()).replaceAll(Matcher.quoteReplacement(folder + "/"));
        Map<String, Object> values = new HashMap<>();
        // The test does not resolve names, because those of examples do not exist.
        values.put("portproxy.client.resolve-at-start", false);
        REFERENCE
                .matcher(yaml)
                .results()
                .forEach(reference -> values.put(reference.group(1), "a-secret-of-somebody-who-keeps-it"));

        List<Problem> problems = yaml.lines().anyMatch(line -> line.matches("(portproxy|spring|server)\\b.*"))
                        && ROLE.matcher(yaml).find()
                ? problems(yaml, values)
                : problemsOfOlder(yaml, values);

        assertThat(problems).isEmpty();
    }

    private static List<Problem> problems(String yaml, Map<String, Object> values) {
        Matcher role = ROLE.matcher(yaml);
        String roles = String.join(
                ",", role.results().map(found -> found.group(1)).distinct().toList());
        ApplicationContextRunner runner = CheckOnly.runner(roles).withInitializer(context -> {
            MutablePropertySources sources = context.getEnvironment().getPropertySources();
            try {
                new YamlPropertySourceLoader()
                        .load("example", new ByteArrayResource(yaml.getBytes(StandardCharsets.UTF_8)))
                        .forEach(sources::addLast);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        return CheckOnly.problems(runner, values);
    }

    private static List<Problem> problemsOfOlder(String yaml, Map<String, Object> values) throws IOException {
        LegacyFile file = LegacyFile.read(
                Files.writeString(folder.resolve("older.yaml"), yaml).toString());
        ApplicationContextRunner runner = CheckOnly.runner(file.role())
                .withInitializer(context -> context.getEnvironment()
                        .getPropertySources()
                        .addLast(new OriginTrackedMapPropertySource("older", file.properties(), true)));
        return CheckOnly.problems(runner, values);
    }

    @Test
    void namesPropertiesThatExist() {
        KnownKeys keys = new KnownKeys();

        assertThat(Documents.all())
                .allSatisfy(document -> assertThat(properties(document))
                        .as("%s", document)
                        .allMatch(name -> keys.contains(ConfigurationPropertyName.adapt(name, '.'))));
    }

    private static Stream<String> properties(Path document) {
        return PROPERTY.matcher(Documents.text(document))
                .results()
                .map(name -> name.group().replaceFirst("[.-]+$", ""))
                .filter(name -> !name.equals("portproxy.mv.db")) // a file's name
                .filter(name -> !FILE_NAME.matcher(name).matches())
                .map(name -> name.replace("[]", "[0]"));
    }
}
