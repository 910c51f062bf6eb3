package io.portproxy.admin.api;

/** The results of actions. */
final class ActionResult {
    private ActionResult() {}

    /**
     * How many connections were closed.
     *
     * @param closed connections that were closed; those that were closed before do not count
     */
    record Closed(int closed) {}

    /**
     * How many bans were lifted.
     *
     * @param lifted bans that were lifted: 1, or 0 if the address was not banned
     */
    record Lifted(int lifted) {}

    /**
     * How many tunnels were disconnected.
     *
     * @param disconnected tunnels that were disconnected
     */
    record Disconnected(int disconnected) {}
}
