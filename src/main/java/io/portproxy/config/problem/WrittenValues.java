package io.portproxy.config.problem;

import java.util.Optional;

/**
 * Finds the written value of a place. The check of a request needs no values, because the caller knows what the request contains.
 */
@FunctionalInterface
public interface WrittenValues {
    /** Finds no value. */
    WrittenValues NONE = place -> Optional.empty();

    /** Returns the written value at a place; empty if there is none, or if it is not known. */
    Optional<WrittenValue> at(Place place);
}
