package io.portproxy.manage;

/** A check before a change: the thing is still as the caller has seen it, so nobody else has changed it in between. */
@FunctionalInterface
public interface Precondition {
    /** Accepts any state. */
    Precondition NONE = tag -> {};

    /**
     * Throws an exception if the current state is not the one that the caller has seen.
     *
     * @param tag the tag of the current state, see {@link Tags}
     */
    void require(String tag);

    /** Throws an exception if the caller has seen the thing, and it does not exist now. */
    default void requireNothing() {}
}
