package io.portproxy.http;

/** Says which requests of a connection go to the target that its first one went to. One event loop drives it. */
@FunctionalInterface
public interface RouteMatch {
    /** All of them: users chose the target when they connected. */
    RouteMatch ALL = request -> true;

    /**
     * Whether a request does.
     *
     * @throws RefusedException it is not to be relayed at all
     */
    boolean matches(RequestView request) throws RefusedException;
}
