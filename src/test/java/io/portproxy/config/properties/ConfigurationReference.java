package io.portproxy.config.properties;

import io.portproxy.testing.Documents;
import java.lang.reflect.RecordComponent;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.StringJoiner;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.springframework.boot.context.properties.bind.DataObjectPropertyName;
import org.springframework.core.ResolvableType;

/**
 * Writes the reference of all properties. The descriptions come from the metadata that the build makes from the records'
 * Javadoc. The metadata has none for the entries of lists, so this class reads their Javadoc.
 */
final class ConfigurationReference {
    private static final String TITLE = """
            # Configuration

            All properties of PortProxy itself. For those of Spring Boot, such as `server.port`, `spring.ssl.bundle` and `logging.level`, see
            its documentation.

            You can write keys in kebab-case, camelCase or snake_case. A duration without a unit is in seconds, a size without
            one in bytes; sizes are powers of 1024. A wrong property stops the start with a message that names the property, its value and
            what to write. `check` shows all such messages without a start.

            (This file is generated from the code: `./mvnw -q test -Dtest=ConfigurationReferenceTest -Ddocs.write=true`.)
            """;
    private static final String FIRST = """

            ## The first ones

            | property | what it sets |
            |---|---|
            | `portproxy.server.bind` | where remotes connect |
            | `portproxy.server.proxy[].remote-name`, `.tokens` | the remotes, and how they prove their names |
            | `portproxy.server.proxy[].port-list[].bind` | where users connect |
            | `portproxy.server.proxy[].port-list[].remote` | the target, as the remote sees it |
            | `portproxy.server.proxy[].port-list[].type` | `tcp`, `http` (adds `X-Forwarded-*`) or `udp` |
            | `portproxy.client.name`, `.server`, `.token` | the remote's name, its server, its token |
            | `portproxy.client.allow` | what the server may reach |
            | `portproxy.server.ssl.bundle`, `portproxy.client.ssl.bundle` | TLS, from `spring.ssl.bundle.*` |
            | `portproxy.admin.users[]`, `.tokens[]` | who may use dashboard and API |
            | `server.address`, `server.port`, `server.ssl.bundle` | where the dashboard and the API listen. Default: `127.0.0.1:9016`, or `:9017` for a client |
            """;
    private static final String SHARED = "For both roles.";
    private static final String HEAD = "\n| property | default | range | meaning |\n|---|---|---|---|\n";
    private static final Pattern HEADING = Pattern.compile("(?m)^## (.*)$");
    private static final Pattern PARAMETER = Pattern.compile("@param (\\w+) (.*?)(?= @param |$)");

    private final Map<String, String> descriptions;
    private final StringBuilder text = new StringBuilder(FIRST);

    /** @param descriptions the descriptions of the metadata, by property */
    ConfigurationReference(Map<String, String> descriptions) {
        this.descriptions = descriptions;
    }

    /**
     * The parts of a description.
     *
     * @param meaning what the property is for
     * @param initial its default
     * @param range its allowed values
     */
    record Parts(String meaning, String initial, String range) {
        static Parts of(String description) {
            StringJoiner meaning = new StringJoiner(" ");
            String initial = "";
            String range = "";
            for (String sentence : description.split("(?<=\\.) (?=[A-Z])", -1)) {
                String content = sentence.replaceFirst("\\.$", "");
                if (content.equals("Required")) {
                    initial = "required";
                } else if (content.startsWith("Default: ")) {
                    initial = content.substring(9).replace("; a bare number means seconds", "");
                } else if (content.startsWith("Range")) {
                    range = content.replaceFirst("Range of the (\\w+): ", "$1: ")
                            .replaceFirst("^Range: ", "");
                } else if (!content.startsWith("Each entry has ")) {
                    meaning.add(sentence);
                }
            }
            return new Parts(meaning.toString(), initial, range);
        }
    }

    String write() {
        section(PortProxyProperties.class, PortProxyProperties.PREFIX);
        return TITLE + contents() + text;
    }

    private String contents() {
        StringBuilder contents = new StringBuilder("\n");
        HEADING.matcher(text)
                .results()
                .map(heading -> heading.group(1))
                .forEach(heading -> contents.append("- [")
                        .append(heading)
                        .append("](#")
                        .append(heading.toLowerCase(Locale.ROOT)
                                .replaceAll("[^a-z0-9 _-]", "")
                                .replace(' ', '-'))
                        .append(")\n"));
        return contents.toString();
    }

    private void section(Class<?> group, String path) {
        text.append("\n## `").append(path).append("`\n\n");
        text.append(group == PortProxyProperties.class ? SHARED : javadoc(group).replaceFirst(" (<p>|@param ).*", ""));
        text.append('\n').append(HEAD);
        List<Runnable> sections = new ArrayList<>();
        rows(group, path, sections);
        sections.forEach(Runnable::run);
    }

    private void rows(Class<?> group, String path, List<Runnable> sections) {
        for (RecordComponent component : group.getRecordComponents()) {
            String name = path + "." + DataObjectPropertyName.toDashedForm(PropertyName.of(component));
            boolean top = group == PortProxyProperties.class;
            if (component.getType().isRecord() && component.getType() != Secret.class) {
                if (top) {
                    sections.add(() -> section(component.getType(), name));
                } else {
                    rows(component.getType(), name, sections);
                }
                continue;
            }
            row(name, Parts.of(description(group, component, name)));
            entry(component).ifPresent(type -> sections.add(() -> section(type, name + "[]")));
        }
    }

    private String description(Class<?> group, RecordComponent component, String name) {
        return Optional.ofNullable(descriptions.get(name))
                .orElseGet(() -> PARAMETER
                        .matcher(javadoc(group))
                        .results()
                        .filter(parameter -> parameter.group(1).equals(component.getName()))
                        .map(parameter -> parameter.group(2))
                        .findFirst()
                        .orElseThrow(() -> new AssertionError(name + " is not described")));
    }

    private void row(String name, Parts parts) {
        String initial = parts.initial;
        boolean literal = initial.matches("[\\w.:]+") && !initial.equals("required") && !initial.equals("none");
        text.append("| `").append(name).append("` | ");
        text.append(cell(literal ? "`" + initial + "`" : initial)).append(" | ");
        text.append(cell(parts.range)).append(" | ").append(cell(parts.meaning)).append(" |\n");
    }

    private static String cell(String text) {
        return text.replace("|", "\\|");
    }

    /** Returns the record of the entries of a list; empty if the entries are not records. */
    private static Optional<Class<?>> entry(RecordComponent component) {
        ResolvableType type = ResolvableType.forMethodReturnType(component.getAccessor());
        Class<?> entry = type.asCollection().getGeneric(0).resolve(Object.class);
        return entry.isRecord() && entry != Secret.class ? Optional.of(entry) : Optional.empty();
    }

    /** Returns a record's Javadoc as one line of Markdown. */
    private static String javadoc(Class<?> group) {
        String file = group.getName().replaceFirst("\\$.*", "").replace('.', '/') + ".java";
        String source = Documents.text(Path.of("src/main/java", file));
        Matcher comment = Pattern.compile(
                        "/\\*\\*((?:(?!\\*/).)*)\\*/\\s*(?:@[^\\n]*\\s+)?(?:public )?record " + group.getSimpleName()
                                + "\\(",
                        Pattern.DOTALL)
                .matcher(source);
        if (!comment.find()) {
            throw new AssertionError(group + " has no Javadoc");
        }
        return comment.group(1)
                .replaceAll("(?m)^\\s*\\*", " ")
                .replaceAll("\\{@(?:code|link) ([^}]*)}", "`$1`")
                .replaceAll("\\s+", " ")
                .strip();
    }
}
