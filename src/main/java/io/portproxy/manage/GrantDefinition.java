package io.portproxy.manage;

import java.util.Optional;

/**
 * Which ports and host a remote may ask for, as a person describes it: it need not be right.
 *
 * @param ports the lowest and the highest, as in {@code 20000-20999}, or the only one; empty: none
 * @param max how many it may have at a time
 * @param sticky how long one is kept while the remote is away, as in {@code 24h}
 * @param bind the address of the server at which they are
 * @param maxRemotes of a template: how many remotes there may be of it at a time
 * @param hosts the host, in which {@code {name}} stands for the remote's name; empty: none
 */
public record GrantDefinition(
        String ports, int max, String sticky, String bind, int maxRemotes, Optional<String> hosts) {
    /** One without a host. */
    public GrantDefinition(String ports, int max, String sticky, String bind, int maxRemotes) {
        this(ports, max, sticky, bind, maxRemotes, Optional.empty());
    }

    /** How many ports, where nothing is said. */
    public static final int DEFAULT_MAX = 5;

    /** How long they are kept, where nothing is said. */
    public static final String DEFAULT_STICKY = "24h";

    /** Where they are, where nothing is said: reached from the server alone. */
    public static final String DEFAULT_BIND = "127.0.0.1";

    /** How many remotes a template has, where nothing is said. */
    public static final int DEFAULT_MAX_REMOTES = 100;
}
