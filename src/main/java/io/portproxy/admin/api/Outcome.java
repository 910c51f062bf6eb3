package io.portproxy.admin.api;

/** What an act has come to. */
final class Outcome {
    private Outcome() {}

    /**
     * How many connections were closed.
     *
     * @param closed connections that were closed; those that were closed before do not count
     */
    record Closed(int closed) {}

    /**
     * How many tunnels were disconnected.
     *
     * @param disconnected tunnels that were disconnected
     */
    record Disconnected(int disconnected) {}
}
