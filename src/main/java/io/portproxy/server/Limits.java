package io.portproxy.server;

/**
 * How much a proxy server may have to know.
 *
 * @param remotes remotes and templates, and the remotes that there are of templates
 * @param ports exposed ports and hosts, and the ports that remotes have asked for
 */
public record Limits(int remotes, int ports) {
    /** More than anybody has; what they cost is known (operations.md). */
    public static final Limits DEFAULT = new Limits(10_000, 100_000);
}
