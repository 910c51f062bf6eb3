package io.portproxy.admin;

/** What an act has come to. */
final class Outcome {
    private Outcome() {}

    /** @param closed connections that were closed; those that were closed before do not count */
    record Closed(int closed) {}

    /** @param disconnected tunnels that were disconnected */
    record Disconnected(int disconnected) {}
}
