package io.portproxy.usage;

/**
 * The key by which usage is counted.
 *
 * @param remote the name of the remote
 * @param port the exposed address, or the host at gateways, as people see it
 */
public record UsageKey(String remote, String port) {
    /** The key for all ports and hosts for which there is no room. No remote can have this name. */
    public static final UsageKey OTHERS = new UsageKey("(others)", "(others)");
}
