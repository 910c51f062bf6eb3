package io.portproxy.manage;

import java.util.Optional;

/**
 * The ports and the host that a remote may ask for, as an operator configures them. The values are not checked.
 *
 * @param ports a range of ports, for example {@code 20000-20999}, or one port; empty for none
 * @param max the largest number of ports that the remote may have at a time
 * @param sticky how long a port is kept while the remote is away, for example {@code 24h}
 * @param bind the server's address where these ports listen
 * @param maxRemotes of a template: the largest number of remotes at a time that use it
 * @param hosts the host, in which {@code {name}} stands for the remote's name; empty for none
 */
public record GrantDefinition(
        String ports, int max, String sticky, String bind, int maxRemotes, Optional<String> hosts) {
    /** Ports without a host. */
    public GrantDefinition(String ports, int max, String sticky, String bind, int maxRemotes) {
        this(ports, max, sticky, bind, maxRemotes, Optional.empty());
    }

    /** The default of {@link #max}. */
    public static final int DEFAULT_MAX = 5;

    /** The default of {@link #sticky}. */
    public static final String DEFAULT_STICKY = "24h";

    /** The default of {@link #bind}: only programs on the server's host can connect. */
    public static final String DEFAULT_BIND = "127.0.0.1";

    /** The default of {@link #maxRemotes}. */
    public static final int DEFAULT_MAX_REMOTES = 100;
}
