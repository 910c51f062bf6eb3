/**
 * The data path. It joins a connection of {@code net} to a session of {@code mux} and relays bytes.
 *
 * <pre>
 *   Tunnel                    one tunnel: creates its parts, joins them, and ends the tunnel
 *     connection..            the connection that carries instructions
 *     stream..                the socket of each stream
 *     telemetry..             counters, log lines and events
 *     TunnelStreams           opens, accepts and refuses the streams of the tunnel
 *     ClassicInstructions, ExtendedInstructions    pass the peer's instructions on, one class for each dialect
 *     TunnelPause             the time in which the tunnel is not read
 *   Carrier                   a tunnel as those who open streams in it see it
 *   TunnelControl             a tunnel as those who administer and end it see it
 *   ServerTunnel              both: a tunnel among those of its remote, at the proxy server
 *   TunnelOwner               the role as its tunnel sees it
 *   TunnelHandle              access to a tunnel for other threads, which show or administer it
 * </pre>
 */
@NullMarked
package io.portproxy.tunnel;

import org.jspecify.annotations.NullMarked;
