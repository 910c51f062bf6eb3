package io.portproxy.config.problem;

import io.portproxy.config.properties.Secret;
import java.util.regex.Pattern;

/**
 * One thing that is wrong with the configuration.
 *
 * @param property the property's canonical name, such as {@code portproxy.client.name}
 * @param value what was written, or the default that is in effect; empty if nothing was; never a secret
 * @param origin where it was written, such as a file with line and column; empty if not known
 * @param reason what is wrong
 * @param fix what to write instead, or to do
 * @param mayPass whether the same configuration may do another time: the host does not have yet, or any more, what it names
 */
public record Problem(String property, String value, String origin, String reason, String fix, boolean mayPass) {

    private static final Pattern OPTION = Pattern.compile("--[a-z-]+|[A-Z_]+");

    /** One that only another configuration ends. */
    public Problem(String property, String value, String origin, String reason, String fix) {
        this(property, value, origin, reason, fix, false);
    }

    public Problem {
        value = value.isEmpty() || !Secret.isAt(property) ? value : Secret.HIDDEN;
    }

    /** The same, as one that may pass. */
    Problem passing() {
        return new Problem(property, value, origin, reason, fix, true);
    }

    /** Whether this is about {@code name} or a key below it. */
    public boolean isAt(String name) {
        return property.startsWith(name)
                && (property.length() == name.length() || ".[".indexOf(property.charAt(name.length())) >= 0);
    }

    /** Whether it is about something that is missing. */
    public boolean nothingWritten() {
        return value.isEmpty() && origin.isEmpty();
    }

    String description() {
        StringBuilder text = new StringBuilder(name());
        if (!value.isBlank()) {
            text.append(": ").append(value);
        }
        text.append("\n    ").append(reason);
        if (!origin.isEmpty() && !origin.equals(name())) {
            text.append("\n    from ").append(origin);
        }
        return text.toString();
    }

    String action() {
        return name() + ": " + fix;
    }

    /** As it was written: a command's option or variable stands for its property. */
    private String name() {
        return OPTION.matcher(origin).matches() ? origin : property;
    }
}
