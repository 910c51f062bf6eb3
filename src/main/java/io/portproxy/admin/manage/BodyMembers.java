package io.portproxy.admin.manage;

import io.portproxy.manage.ChangeProblem;
import io.portproxy.manage.InvalidChangeException;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.NullNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The members of an object in a request's body. It knows the object's place in the body, and collects all problems:
 * unknown members, and values of the wrong type. A member that is null counts as missing.
 */
final class BodyMembers {
    /** Further members that GET shows. They are ignored, so that a client can send back what it has read. */
    private static final Set<String> SHOWN = Set.of(
            "role",
            "origin",
            "file",
            "problems",
            "state",
            "instances",
            "dialect",
            "address",
            "server",
            "servers",
            "since",
            "lastEnd",
            "lastRefusal",
            "roundTripMillis",
            "tunnels",
            "streams",
            "allow",
            "asked",
            "askedForgotten",
            "exposed",
            "connects",
            "failures",
            "template",
            "quotas",
            "urls",
            "lastFailure");

    private final JsonNode node;
    private final String pointer;
    private final List<ChangeProblem> problems;

    private BodyMembers(JsonNode node, String pointer, List<ChangeProblem> problems) {
        this.node = node;
        this.pointer = pointer;
        this.problems = problems;
    }

    /**
     * Reads a body.
     *
     * @param part gets the members of the whole body, of which none is checked yet
     * @throws InvalidChangeException if anything is wrong; it contains all problems
     */
    static <T> T read(JsonNode body, Function<BodyMembers, T> part) {
        List<ChangeProblem> problems = new ArrayList<>();
        T read = part.apply(new BodyMembers(body, "", problems));
        if (!problems.isEmpty()) {
            throw new InvalidChangeException(problems);
        }
        return read;
    }

    /** Checks that the node is an object, and that it has only these members. */
    BodyMembers known(Set<String> names) {
        return known(names, Set.of());
    }

    /** @param shown further members that GET shows only in such an object */
    BodyMembers known(Set<String> names, Set<String> shown) {
        if (!node.isObject()) {
            add(pointer, node, "is no object", "write {...}");
        } else {
            node.propertyNames().stream()
                    .filter(name -> !names.contains(name) && !SHOWN.contains(name) && !shown.contains(name))
                    .forEach(name -> problems.add(new ChangeProblem(
                            pointer + "/" + escaped(name),
                            Optional.empty(),
                            "does not exist",
                            "write one of "
                                    + String.join(", ", names.stream().sorted().toList()))));
        }
        return this;
    }

    /** Escapes a name for a JSON pointer (RFC 6901, section 3). */
    static String escaped(String name) {
        return name.replace("~", "~0").replace("/", "~1");
    }

    /**
     * Returns these members, or none if the node is not an object: a value in place of an object may be a secret, and
     * no problem must show it.
     */
    BodyMembers hidden() {
        return node.isObject() ? this : new BodyMembers(NullNode.getInstance(), pointer, problems);
    }

    /** Returns whether the node is an object. */
    boolean isObject() {
        return node.isObject();
    }

    Optional<JsonNode> member(String name) {
        return Optional.ofNullable(node.get(name)).filter(value -> !value.isNull());
    }

    /** Returns the value of a member, not checked yet. */
    Optional<BodyMembers> inside(String name) {
        return member(name).map(value -> new BodyMembers(value, pointer + "/" + name, problems));
    }

    /** Returns a member as an object, after a check that it has only these members. */
    Optional<BodyMembers> object(String name, Set<String> names) {
        return inside(name).map(object -> object.known(names));
    }

    /** Returns the entries of a list, not checked yet. */
    List<BodyMembers> entries(String name) {
        List<JsonNode> entries = list(name);
        return IntStream.range(0, entries.size())
                .mapToObj(i -> new BodyMembers(entries.get(i), pointer + "/" + name + "/" + i, problems))
                .toList();
    }

    Optional<String> text(String name) {
        return member(name)
                .filter(value -> is(value.isString(), name, value, "is no text", "write \"...\""))
                .map(JsonNode::stringValue);
    }

    List<String> texts(String name) {
        List<String> texts = new ArrayList<>();
        List<JsonNode> entries = list(name);
        for (int i = 0; i < entries.size(); i++) {
            JsonNode entry = entries.get(i);
            if (is(entry.isString(), name + "/" + i, entry, "is no text", "write \"...\"")) {
                texts.add(entry.stringValue());
            }
        }
        return texts;
    }

    private List<JsonNode> list(String name) {
        return member(name)
                .filter(value -> is(value.isArray(), name, value, "is no list", "write [...]"))
                .map(value -> List.copyOf(value.values()))
                .orElse(List.of());
    }

    /** Returns a text, or a number that stands for a port. */
    String address(String name) {
        return member(name)
                .filter(value -> is(
                        value.isString() || value.isIntegralNumber(),
                        name,
                        value,
                        "is no address",
                        "write \"host:port\", or a port"))
                .map(JsonNode::asString)
                .orElse("");
    }

    int number(String name, int otherwise) {
        return number(name).orElse(otherwise);
    }

    Optional<Integer> number(String name) {
        return member(name)
                .filter(value -> is(value.canConvertToInt(), name, value, "is no number", "write a number"))
                .map(JsonNode::intValue);
    }

    Optional<Integer> wholeNumber(String name) {
        return member(name)
                .filter(value -> is(
                        value.isIntegralNumber() && value.canConvertToInt(),
                        name,
                        value,
                        "is no whole number",
                        "write a whole number"))
                .map(JsonNode::intValue);
    }

    boolean flag(String name, boolean otherwise) {
        return member(name)
                .filter(value -> is(value.isBoolean(), name, value, "is neither true nor false", "write true or false"))
                .map(JsonNode::booleanValue)
                .orElse(otherwise);
    }

    Optional<Instant> time(String name) {
        try {
            return text(name).map(Instant::parse);
        } catch (DateTimeParseException e) {
            wrong(name, "is no time", "write one such as 2027-01-31T12:00:00Z");
            return Optional.empty();
        }
    }

    /** Adds a text from the request's address. The body may omit it, but must not contain another value. */
    BodyMembers fixed(String name, String value) {
        return fixed(name, value, value::equals);
    }

    /** @param isSame whether the body's value means the same */
    BodyMembers fixed(String name, String value, Predicate<String> isSame) {
        if (text(name).filter(isSame.negate()).isPresent()) {
            wrong(
                    name,
                    "is not the " + name + " in the address",
                    "write " + value + ": a " + name + " cannot be changed");
        }
        return node instanceof ObjectNode object
                ? new BodyMembers(object.deepCopy().put(name, value), pointer, problems)
                : this;
    }

    private boolean is(boolean right, String name, JsonNode value, String reason, String fix) {
        if (!right) {
            add(pointer + "/" + name, value, reason, fix);
        }
        return right;
    }

    private void add(String where, JsonNode value, String reason, String fix) {
        problems.add(new ChangeProblem(
                where, value.isValueNode() ? Optional.of(value.asString()) : Optional.empty(), reason, fix));
    }

    /** Adds a problem with a member whose value must not be shown, or is not a text. */
    void wrongSecret(String name, String reason, String fix) {
        problems.add(new ChangeProblem(pointer + "/" + name, Optional.empty(), reason, fix));
    }

    /** Adds a problem with a member whose value may be shown. */
    void wrong(String name, String reason, String fix) {
        problems.add(new ChangeProblem(pointer + "/" + name, text(name), reason, fix));
    }
}
