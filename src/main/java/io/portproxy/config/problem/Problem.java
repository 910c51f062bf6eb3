package io.portproxy.config.problem;

import io.portproxy.config.properties.Secret;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One thing that is wrong with the configuration.
 *
 * @param place the place of the wrong value
 * @param value the written value, or the default that is in effect; empty if there is none; never a secret
 * @param origin where the value was written, such as a file with line and column; empty if not known
 * @param reason what is wrong
 * @param fix what to write instead, or to do
 * @param mayPass whether the same configuration may be right at another time, because the host currently lacks what it names
 */
public record Problem(Place place, String value, String origin, String reason, String fix, boolean mayPass) {

    private static final Pattern OPTION = Pattern.compile("--[a-z-]+|[A-Z_]+");

    /** Creates a problem that only another configuration solves. */
    public Problem(Place place, String value, String origin, String reason, String fix) {
        this(place, value, origin, reason, fix, false);
    }

    public Problem {
        value = value.isEmpty() || !Secret.isAt(place.text()) ? value : Secret.HIDDEN;
    }

    /**
     * Creates a problem with the written value.
     *
     * @param values finds the written value
     * @param effective the value in effect, shown if nothing was written; may be null for none
     */
    public static Problem of(WrittenValues values, Place place, @Nullable Object effective, String reason, String fix) {
        return values.at(place)
                .map(written -> of(place, written, reason, fix))
                .orElseGet(
                        () -> new Problem(place, effective == null ? "" : String.valueOf(effective), "", reason, fix));
    }

    /** Creates a problem with a value that has already been found. */
    public static Problem of(Place place, WrittenValue written, String reason, String fix) {
        String hint =
                written.from().map(from -> "; the value comes from " + from).orElse("");
        return new Problem(place, written.text(), written.origin(), reason, fix + hint);
    }

    /** Returns the same problem, but as one that may pass. */
    public Problem passing() {
        return new Problem(place, value, origin, reason, fix, true);
    }

    /** Returns whether the problem is that something is missing. */
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

    /** Returns the name that the operator used: a command's option or variable, or otherwise the place. */
    private String name() {
        return name(place, origin);
    }

    static String name(Place place, String origin) {
        return OPTION.matcher(origin).matches() ? origin : place.text();
    }
}
