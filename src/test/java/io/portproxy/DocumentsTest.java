package io.portproxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.portproxy.testing.Documents;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Tests that the links, files and classes that the documents name exist. */
class DocumentsTest {
    private static final Pattern LINK = Pattern.compile("]\\(([^()\\s]+)\\)");
    private static final Pattern CLASS = Pattern.compile("`([A-Z][a-z]+[A-Za-z]*)`");
    private static final Pattern HEADING = Pattern.compile("(?m)^#+ (.*)$");

    static List<Path> documents() {
        return Documents.all();
    }

    @ParameterizedTest
    @MethodSource("documents")
    void linksToWhatIsThere(Path document) {
        List<String> targets = LINK.matcher(Documents.prose(document))
                .results()
                .map(link -> link.group(1))
                .filter(target -> !target.contains("://"))
                .toList();

        assertThat(targets).allSatisfy(target -> {
            String[] parts = target.split("#", 2);
            Path file = parts[0].isEmpty() ? document : document.resolveSibling(parts[0]);
            assertThat(Files.exists(file)).as("%s is there", file).isTrue();
            if (parts.length > 1) {
                assertThat(anchors(file)).as("headings of %s", file).contains(parts[1]);
            }
        });
    }

    /** The README is what people read first, in windows of different widths. */
    @Test
    void theReadmeIsShort() throws IOException {
        List<String> lines = Files.readAllLines(Path.of("README.md"));

        assertThat(lines).hasSizeLessThanOrEqualTo(250);
        assertThat(lines).allSatisfy(line -> assertThat(line.length()).isLessThanOrEqualTo(120));
    }

    /** Each document is listed in the index, which is where readers start. */
    @Test
    void theIndexListsEachDocument() throws IOException {
        String index = Documents.text(Path.of("src/docs/README.md"));

        assertThat(documents().stream()
                        .filter(document -> document.startsWith("src/docs"))
                        .map(document -> document.getFileName().toString())
                        .filter(name -> !name.equals("README.md")))
                .allSatisfy(name -> assertThat(index).contains("](" + name));
    }

    /** The classes that architecture.md names must exist. */
    @Test
    void theClassesOfTheArchitectureAreThere() throws IOException {
        Path document = Path.of("src/docs/architecture.md");
        Set<String> classes = new HashSet<>(Set.of("ByteBuffer"));
        for (String root : List.of("src/main/java", "src/test/java")) {
            try (Stream<Path> files = Files.walk(Path.of(root))) {
                files.map(file -> file.getFileName().toString().replace(".java", ""))
                        .forEach(classes::add);
            }
        }
        classes.add("Owner"); // a nested interface

        List<String> named = CLASS.matcher(Files.readString(document))
                .results()
                .map(name -> name.group(1))
                .toList();

        assertThat(named).hasSizeGreaterThan(50);
        assertThat(classes).containsAll(named);
    }

    /** Returns the anchors that GitHub makes from the headings. */
    private static Stream<String> anchors(Path document) {
        return HEADING.matcher(Documents.prose(document)).results().map(DocumentsTest::anchor);
    }

    private static String anchor(MatchResult heading) {
        return heading.group(1)
                .strip()
                .toLowerCase(Locale.ROOT)
                .replaceAll("[^\\p{L}\\p{N} _-]", "")
                .replace(' ', '-');
    }
}
