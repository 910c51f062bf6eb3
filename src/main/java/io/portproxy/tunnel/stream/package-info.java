/**
 * One stream: a socket joined to a stream of {@code mux}. Knows neither the tunnel's connection nor what is counted: it has a
 * {@code StreamOutput} and a {@code StreamObserver}.
 *
 * <pre>
 *   StreamSocket            connects and closes the socket
 *     StreamReader          from the socket into the tunnel, by a StreamInput
 *     StreamWriter          from the tunnel to the socket
 *     Connector             brings a target's socket up
 *     ResetWatch            finds a reset while the socket is not read
 *     LastWords             what a socket that takes nothing any more has sent before
 * </pre>
 */
@NullMarked
package io.portproxy.tunnel.stream;

import org.jspecify.annotations.NullMarked;
