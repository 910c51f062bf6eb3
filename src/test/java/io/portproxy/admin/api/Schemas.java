package io.portproxy.admin.api;

import java.net.URI;
import java.net.URISyntaxException;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/**
 * A validator for the part of JSON Schema 2020-12 that the API's description uses. An unknown keyword is an error, so that
 * nothing passes unchecked. A field that an object's schema does not have is an error, too.
 */
final class Schemas {
    private static final Set<String> KNOWN = Set.of(
            "$ref",
            "additionalProperties",
            "anyOf",
            "enum",
            "format",
            "items",
            "maximum",
            "minimum",
            "pattern",
            "properties",
            "required",
            "type");

    /** Keywords that do not affect validity. */
    private static final Set<String> NOTES = Set.of("default", "description", "example", "title");

    private final JsonNode document;
    private final List<String> errors = new ArrayList<>();

    /** @param document the document that references point into */
    Schemas(JsonNode document) {
        this.document = document;
    }

    /** Validates a value and returns the errors; empty if it is valid. */
    List<String> errors(JsonNode schema, JsonNode value) {
        errors.clear();
        validate(schema, value, "$");
        return List.copyOf(errors);
    }

    private void validate(JsonNode schema, JsonNode value, String at) {
        schema.propertyNames().forEach(keyword -> {
            if (KNOWN.contains(keyword)) {
                keyword(keyword, schema, value, at);
            } else if (!NOTES.contains(keyword)) {
                errors.add(at + ": a keyword that is not known here: " + keyword);
            }
        });
    }

    private void keyword(String keyword, JsonNode schema, JsonNode value, String at) {
        JsonNode written = schema.get(keyword);
        switch (keyword) {
            case "$ref" -> validate(document.at(written.asString().substring(1)), value, at);
            case "type" -> check(isOfType(written, value), at, value + " is not of type " + written);
            case "enum" -> check(contains(written, value), at, value + " is none of " + written);
            case "required" ->
                written.forEach(name -> check(!value.isObject() || value.has(name.asString()), at, "has no " + name));
            case "properties" -> properties(schema, value, at);
            case "additionalProperties" -> additional(schema, value, at);
            case "items" -> each(written, value, at);
            case "anyOf" -> check(anyOf(written, value), at, value + " is none of " + written);
            case "minimum" ->
                check(
                        !value.isNumber() || value.decimalValue().compareTo(written.decimalValue()) >= 0,
                        at,
                        "too small");
            case "maximum" ->
                check(
                        !value.isNumber() || value.decimalValue().compareTo(written.decimalValue()) <= 0,
                        at,
                        "too large");
            case "pattern" ->
                check(
                        !value.isString()
                                || Pattern.compile(written.asString())
                                        .matcher(value.asString())
                                        .find(),
                        at,
                        value + " does not match " + written);
            case "format" ->
                check(
                        !value.isString() || isOfFormat(written.asString(), value.asString()),
                        at,
                        value + " is no " + written);
            default -> throw new IllegalStateException(keyword);
        }
    }

    private void check(boolean right, String at, String wrong) {
        if (!right) {
            errors.add(at + ": " + wrong);
        }
    }

    private static boolean isOfType(JsonNode types, JsonNode value) {
        if (!types.isArray()) {
            return isOf(types.asString(), value);
        }
        for (JsonNode type : types) {
            if (isOf(type.asString(), value)) {
                return true;
            }
        }
        return false;
    }

    private static boolean isOf(String type, JsonNode value) {
        return switch (type) {
            case "null" -> value.isNull();
            case "boolean" -> value.isBoolean();
            case "integer" -> value.isIntegralNumber();
            case "number" -> value.isNumber();
            case "string" -> value.isString();
            case "array" -> value.isArray();
            case "object" -> value.isObject();
            default -> false;
        };
    }

    private static boolean contains(JsonNode values, JsonNode value) {
        for (JsonNode one : values) {
            if (one.equals(value)) {
                return true;
            }
        }
        return false;
    }

    private boolean anyOf(JsonNode schemas, JsonNode value) {
        for (JsonNode schema : schemas) {
            if (new Schemas(document).errors(schema, value).isEmpty()) {
                return true;
            }
        }
        return false;
    }

    private void properties(JsonNode schema, JsonNode value, String at) {
        JsonNode described = schema.get("properties");
        if (value.isObject()) {
            value.properties().forEach(field -> {
                if (described.has(field.getKey())) {
                    validate(described.get(field.getKey()), field.getValue(), at + "." + field.getKey());
                } else {
                    check(schema.has("additionalProperties"), at, "has " + field.getKey() + ", which is not described");
                }
            });
        }
    }

    private void additional(JsonNode schema, JsonNode value, String at) {
        JsonNode described = schema.path("properties");
        JsonNode others = schema.get("additionalProperties");
        if (value.isObject() && others.isObject()) {
            value.properties().forEach(field -> {
                if (!described.has(field.getKey())) {
                    validate(others, field.getValue(), at + "." + field.getKey());
                }
            });
        }
    }

    private void each(JsonNode schema, JsonNode value, String at) {
        if (value.isArray()) {
            for (int i = 0; i < value.size(); i++) {
                validate(schema, value.get(i), at + "[" + i + "]");
            }
        }
    }

    private static boolean isOfFormat(String format, String text) {
        try {
            return switch (format) {
                case "date-time" -> Instant.parse(text) != null;
                case "uri-reference" -> new URI(text) != null;
                case "double", "int32", "int64", "password" -> true; // number formats, and a hint
                default -> false;
            };
        } catch (DateTimeParseException | URISyntaxException e) {
            return false;
        }
    }
}
