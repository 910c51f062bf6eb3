package io.portproxy.client;

/** Targets that a remote allows its proxy server to ask for. */
public sealed interface AllowedTarget permits AllowedPorts, AllowedSockets {
    /** The host of a target that is given only by its port. */
    String LOOPBACK = "127.0.0.1";

    /** Returns the text of the setting. */
    String text();

    /**
     * Returns whether this setting allows a target.
     *
     * @param wantedHost the host in the instruction Open; {@link #LOOPBACK} if there is none
     * @param wantedPort 0 to 65535; 0 for a unix socket
     */
    boolean allows(String wantedHost, int wantedPort);
}
