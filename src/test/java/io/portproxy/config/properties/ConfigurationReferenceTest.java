package io.portproxy.config.properties;

import static org.assertj.core.api.Assertions.assertThat;

import com.jayway.jsonpath.JsonPath;
import io.portproxy.config.CheckOnly;
import io.portproxy.config.problem.Problem;
import io.portproxy.testing.Documents;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.BinaryOperator;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Tests that the reference matches the code, and that its ranges are those of the checks. */
class ConfigurationReferenceTest {
    private static final Path FILE = Path.of("src/docs/configuration.md");
    private static final String METADATA = "/META-INF/spring-configuration-metadata.json";
    private static final Pattern RANGE =
            Pattern.compile("(?:(\\d+\\w*)|longer than [-\\w]+,|[-\\w]+) to (\\d+)([a-zA-Z]*)(?:, .*)?");

    /** The range of a duration, a size or a number, as the reference writes it. */
    private record Range(String least, String most, String unit) {
        /** Returns a value above the range. */
        String beyond() {
            return Long.parseLong(most) + 1 + unit;
        }
    }

    @Test
    void isUpToDate() throws IOException {
        String expected = new ConfigurationReference(descriptions()).write();

        if (Boolean.getBoolean("docs.write")) {
            Files.writeString(FILE, expected);
        }

        assertThat(Documents.text(FILE))
                .as("%s; renew it: ./mvnw -q test -Dtest=ConfigurationReferenceTest -Ddocs.write=true", FILE)
                .isEqualTo(expected);
    }

    /** Each value is beyond its range. The check reports all problems at once. */
    @Test
    void givesTheGreatestValuesThatTheChecksAllow() throws IOException {
        Map<String, Range> ranges = ranges();
        assertThat(ranges).hasSizeGreaterThan(25);
        Map<String, String> values = new TreeMap<>();
        ranges.forEach((property, range) -> values.put(property, range.beyond()));

        assertRefused(ranges, values, range -> " to " + range.most + range.unit);
    }

    @Test
    void givesTheLeastValuesThatTheChecksAllow() throws IOException {
        Map<String, Range> ranges = ranges();
        ranges.values().removeIf(range -> range.least == null || range.least.matches("0\\D*"));
        assertThat(ranges).hasSizeGreaterThan(15);
        Map<String, String> values = ranges.keySet().stream().collect(Collectors.toMap(p -> p, p -> "0"));

        assertRefused(ranges, values, range -> "write " + range.least + " to ");
    }

    private static void assertRefused(
            Map<String, Range> ranges, Map<String, String> values, Function<Range, String> fix) {
        List<Problem> problems = CheckOnly.problems(CheckOnly.runner("server,client,demo,trial"), values);

        assertThat(ranges)
                .allSatisfy((property, range) -> assertThat(problems)
                        .as("problems, with %s: %s", property, values.get(property))
                        .anyMatch(problem -> problem.place().text().equals(property)
                                && problem.reason().equals("is out of range")
                                && problem.fix().contains(fix.apply(range))));
    }

    private static Map<String, Range> ranges() throws IOException {
        Map<String, Range> ranges = new TreeMap<>();
        descriptions().forEach((property, description) -> {
            Matcher range =
                    RANGE.matcher(ConfigurationReference.Parts.of(description).range());
            if (range.matches()) {
                ranges.put(property, new Range(range.group(1), range.group(2), range.group(3)));
            }
        });
        return ranges;
    }

    private static Map<String, String> descriptions() throws IOException {
        try (InputStream in = Objects.requireNonNull(PortProxyProperties.class.getResourceAsStream(METADATA))) {
            List<Map<String, Object>> properties = JsonPath.parse(in).read("$.properties");
            BinaryOperator<String> first = (one, other) -> one;
            return properties.stream()
                    .filter(property -> String.valueOf(property.get("name")).startsWith("portproxy."))
                    .collect(Collectors.toMap(
                            property -> String.valueOf(property.get("name")),
                            property -> String.valueOf(property.get("description")),
                            first,
                            TreeMap::new));
        }
    }
}
