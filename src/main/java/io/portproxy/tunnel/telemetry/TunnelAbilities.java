package io.portproxy.tunnel.telemetry;

/** What a tunnel can carry, which depends on the dialect and the version of the remote. Any thread. */
public interface TunnelAbilities {

    /** Whether the dialect of the protocol is the extended one, which also reaches targets on other machines. */
    boolean speaksExtended();

    /** Whether the remote can write bytes to a target before the user's bytes, such as a header of the PROXY protocol. */
    boolean takesFirstBytes();

    /** Whether it can carry datagrams, as users of ports of type udp send them. */
    boolean carriesDatagrams();
}
