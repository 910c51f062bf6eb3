package io.portproxy.http;

/** Decides which requests of a connection go to the target of its first request. One event loop uses it. */
@FunctionalInterface
public interface RouteMatch {
    /** Accepts all requests, for users who chose the target when they connected. */
    RouteMatch ALL = request -> true;

    /**
     * Returns whether the request goes to the same target.
     *
     * @throws RefusedException if the request must not be relayed at all
     */
    boolean matches(RequestView request) throws RefusedException;
}
