package io.portproxy.admin.api;

import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.Operation;
import io.swagger.v3.oas.models.media.Schema;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Turns the Javadoc that describes the API into sentences in Markdown, because viewers of OpenAPI show no HTML. */
final class ApiTexts {
    private ApiTexts() {}

    static void mend(OpenAPI api) {
        Optional.ofNullable(api.getTags())
                .orElse(List.of())
                .forEach(tag -> tag.setDescription(text(tag.getDescription())));
        api.getPaths().values().forEach(path -> path.readOperations().forEach(ApiTexts::mend));
        api.getComponents().getSchemas().values().forEach(ApiTexts::mend);
    }

    /** Makes the first sentence the summary, and the other sentences the description. */
    private static void mend(Operation operation) {
        String summary = text(operation.getSummary());
        String description = text(operation.getDescription());
        operation.setSummary(summary.replaceFirst("\\.$", ""));
        operation.setDescription(
                description.startsWith(summary) && description.length() > summary.length()
                        ? description.substring(summary.length()).strip()
                        : description);
        Optional.ofNullable(operation.getParameters())
                .orElse(List.of())
                .forEach(parameter -> parameter.setDescription(text(parameter.getDescription())));
    }

    private static void mend(Schema<?> schema) {
        if (schema.getDescription() != null) {
            schema.setDescription(text(schema.getDescription()));
        }
        if (schema.getProperties() != null) {
            schema.getProperties().values().forEach(ApiTexts::mend);
        }
    }

    /** Returns one line that begins with a capital, ends with a full stop, and has code as Markdown. */
    static String text(@Nullable String javadoc) {
        String line = javadoc == null
                ? ""
                : javadoc.replaceAll("<code>\\s*", "`")
                        .replaceAll("\\s*</code>", "`")
                        .replaceAll("\\s+", " ")
                        .strip();
        if (line.isEmpty()) {
            return line;
        }
        String sentence = line.endsWith(".") ? line : line + ".";
        return sentence.substring(0, 1).toUpperCase(Locale.ROOT) + sentence.substring(1);
    }
}
