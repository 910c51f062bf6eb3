package io.portproxy.http;

/** Says which requests of a connection go to the target that its first one went to. One event loop drives it. */
@FunctionalInterface
public interface RouteMatch {
    /** All of them: users chose the target when they connected. */
    RouteMatch ALL = (host, target) -> true;

    /**
     * Whether a request does.
     *
     * @param host whom it names, {@linkplain HostName#normal normal}; empty if nobody
     * @param target its target, as the user wrote it
     * @throws RefusedException it is not to be relayed at all
     */
    boolean matches(String host, String target) throws RefusedException;
}
