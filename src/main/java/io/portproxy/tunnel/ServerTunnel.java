package io.portproxy.tunnel;

/**
 * A tunnel as the proxy server keeps it among those of its remote: users' streams are opened in it, and it is
 * administered. The users of streams get it as a {@link Carrier}, and all others as a {@link TunnelControl}.
 */
public interface ServerTunnel extends Carrier, TunnelControl {}
