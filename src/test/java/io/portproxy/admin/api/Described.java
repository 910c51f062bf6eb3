package io.portproxy.admin.api;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The API's description. It validates answers. */
final class Described {
    private final JsonNode api;
    private final Schemas schemas;
    private final Set<String> validated = new TreeSet<>();

    Described(String text) {
        api = JsonMapper.shared().readTree(text);
        schemas = new Schemas(api);
    }

    /** Returns the method, path and content type of each operation, as in {@code GET /api/v1/me application/json}. */
    Set<String> answers() {
        Set<String> answers = new TreeSet<>();
        api.get("paths")
                .properties()
                .forEach(path -> path.getValue()
                        .properties()
                        .forEach(operation -> operation
                                .getValue()
                                .at("/responses/200/content")
                                .propertyNames()
                                .forEach(type -> answers.add(operation.getKey().toUpperCase(Locale.ROOT) + " "
                                        + path.getKey() + " " + type))));
        return answers;
    }

    /** Returns the operations with a validated answer, in the form of {@link #answers}. */
    Set<String> validated() {
        return validated;
    }

    /** Validates an answer's JSON and returns the errors; empty if it is valid. */
    List<String> errors(String method, String path, int status, String type, String body) {
        JsonNode schema = api.get("paths")
                .path(path)
                .path(method.toLowerCase(Locale.ROOT))
                .at("/responses/" + status + "/content")
                .path(type)
                .path("schema");
        if (!schema.isObject()) {
            return List.of(method + " " + path + " has no " + status + " of " + type);
        }
        if (status == 200) {
            validated.add(method + " " + path + " " + type);
        }
        return schemas.errors(schema, JsonMapper.shared().readTree(body));
    }
}
