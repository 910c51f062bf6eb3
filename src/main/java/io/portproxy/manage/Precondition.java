package io.portproxy.manage;

/** What has to be so that something that exists may be changed: nobody else has changed it meanwhile. */
@FunctionalInterface
public interface Precondition {
    /** Whatever it is. */
    Precondition NONE = tag -> {};

    /**
     * Throws if what there is now is not what the caller has seen.
     *
     * @param tag of what there is now, see {@link Tags}
     */
    void require(String tag);

    /** Throws if the caller has seen something, and there is nothing now. */
    default void requireNothing() {}
}
