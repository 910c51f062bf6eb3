package io.portproxy.config.problem;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Collects problems, so that all of them are reported at once. For one thread. */
public final class Problems {
    private final WrittenValues values;
    private final List<Problem> found = new ArrayList<>();

    /** Creates a collection that shows only the values which callers add with each problem. */
    public Problems() {
        this(WrittenValues.NONE);
    }

    /** @param values finds written values and their origins */
    public Problems(WrittenValues values) {
        this.values = values;
    }

    /**
     * Adds a problem with the value that was written at a place. If several problems have the same place, only the first one
     * counts, because the others tend to follow from it.
     *
     * @param place the place of the wrong value
     * @param effective the value in effect, shown if nothing was written; may be null for none
     * @param reason what is wrong
     * @param fix what to write instead, or to do
     */
    public void add(Place place, @Nullable Object effective, String reason, String fix) {
        add(Problem.of(values, place, effective, reason, fix));
    }

    /**
     * As {@link #add(Place, Object, String, String)}, for a problem that may not occur at another start, such as a failed name
     * resolution.
     */
    public void addPassing(Place place, @Nullable Object effective, String reason, String fix) {
        add(Problem.of(values, place, effective, reason, fix).passing());
    }

    /** Returns where a value was written, such as a file with line and column; empty if it is not known. */
    public Optional<String> origin(Place place) {
        return values.at(place).map(WrittenValue::origin).filter(origin -> !origin.isEmpty());
    }

    /** Returns what was written at a place; empty if nothing was, or if it is not known. */
    public Optional<WrittenValue> written(Place place) {
        return values.at(place);
    }

    /** Returns the name that the operator used for a place: a command's option or variable, or otherwise the place itself. */
    public String name(Place place) {
        return Problem.name(place, origin(place).orElse(""));
    }

    /** Adds a problem, unless there is already one with the same place. */
    public void add(Problem problem) {
        if (found.stream().noneMatch(other -> other.place().equals(problem.place()))) {
            found.add(problem);
        }
    }

    /** Returns the problems in the order in which they were added. */
    public List<Problem> all() {
        return List.copyOf(found);
    }

    /** Returns whether there is a problem at {@code place} or below it. */
    public boolean areAt(Place place) {
        return found.stream().anyMatch(problem -> place.contains(problem.place()));
    }

    public boolean isEmpty() {
        return found.isEmpty();
    }

    /**
     * Throws the collected problems, if there are any.
     *
     * @throws ConfigurationProblemsException there is a problem
     */
    public void throwIfAny() {
        if (!found.isEmpty()) {
            throw new ConfigurationProblemsException(found);
        }
    }
}
