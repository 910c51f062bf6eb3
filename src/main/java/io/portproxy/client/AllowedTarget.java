package io.portproxy.client;

/** Targets that a remote opens for its proxy server. */
public sealed interface AllowedTarget permits AllowedPorts, AllowedSockets {
    /** The host of a target that is given by its port only. */
    String LOOPBACK = "127.0.0.1";

    /** As it is written. */
    String text();

    /**
     * Whether one of them is asked for.
     *
     * @param wantedHost as Open has it; {@link #LOOPBACK} if it has none
     * @param wantedPort 0 to 65535; 0 for a unix socket
     */
    boolean allows(String wantedHost, int wantedPort);
}
