package io.portproxy.usage;

/**
 * What usage is counted by.
 *
 * @param remote the remote's name
 * @param port the exposed address, or the host at gateways, as people see it
 */
public record UsageKey(String remote, String port) {
    /** What all those have together for which there is no room. No remote can have such a name. */
    public static final UsageKey OTHERS = new UsageKey("(others)", "(others)");
}
