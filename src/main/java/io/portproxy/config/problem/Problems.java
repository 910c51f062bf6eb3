package io.portproxy.config.problem;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Collects problems, so that all of them are reported at once. For one thread. */
public final class Problems {
    private final WrittenValues values;
    private final List<Problem> found = new ArrayList<>();

    /** With the values alone that each problem is added with. */
    public Problems() {
        this(WrittenValues.NONE);
    }

    /** @param values where values and their origins are looked up */
    public Problems(WrittenValues values) {
        this.values = values;
    }

    /**
     * Adds a problem with what was written at a place. Of several with the same place the first one counts: the others tend
     * to follow from it.
     *
     * @param place what the problem is with
     * @param effective the value in effect, shown when nothing was written; may be null for none
     * @param reason what is wrong
     * @param fix what to write instead, or to do
     */
    public void add(Place place, @Nullable Object effective, String reason, String fix) {
        add(Problem.of(values, place, effective, reason, fix));
    }

    /** As {@link #add(Place, Object, String, String)}, of what may be otherwise at another start, such as a name's look-up. */
    public void addPassing(Place place, @Nullable Object effective, String reason, String fix) {
        add(Problem.of(values, place, effective, reason, fix).passing());
    }

    /** Where something was written, such as a file with line and column; empty if it is not known. */
    public Optional<String> origin(Place place) {
        return values.at(place).map(WrittenValue::origin).filter(origin -> !origin.isEmpty());
    }

    public void add(Problem problem) {
        if (found.stream().noneMatch(other -> other.place().equals(problem.place()))) {
            found.add(problem);
        }
    }

    public List<Problem> all() {
        return List.copyOf(found);
    }

    /** Whether there is a problem at {@code place} or below it. */
    public boolean areAt(Place place) {
        return found.stream().anyMatch(problem -> place.contains(problem.place()));
    }

    public boolean isEmpty() {
        return found.isEmpty();
    }

    /**
     * Ends the collecting.
     *
     * @throws ConfigurationProblemsException there is a problem
     */
    public void throwIfAny() {
        if (!found.isEmpty()) {
            throw new ConfigurationProblemsException(found);
        }
    }
}
