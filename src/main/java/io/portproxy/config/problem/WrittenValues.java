package io.portproxy.config.problem;

import java.util.Optional;

/** Knows what was written where. A check of a request needs none: who wrote it, has it. */
@FunctionalInterface
public interface WrittenValues {
    /** Of nothing. */
    WrittenValues NONE = place -> Optional.empty();

    /** What was written at that place; empty if nothing was, or if it is not known. */
    Optional<WrittenValue> at(Place place);
}
