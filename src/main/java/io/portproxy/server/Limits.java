package io.portproxy.server;

/**
 * The limits for the number of remotes and ports of a proxy server.
 *
 * @param remotes the most remotes and templates together, remotes of templates included
 * @param ports the most exposed ports and hosts together, also those that remotes have asked for
 */
public record Limits(int remotes, int ports) {
    /** More than anybody needs; operations.md says what they cost. */
    public static final Limits DEFAULT = new Limits(10_000, 100_000);
}
