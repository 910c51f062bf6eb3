/**
 * One stream: it joins a socket to a stream of {@code mux}. It does not know the tunnel's connection or the counters:
 * it uses a {@code StreamOutput} and a {@code StreamObserver}.
 *
 * <pre>
 *   StreamSocket            connects and closes the socket
 *     StreamReader          reads from the socket into the tunnel, through a StreamInput
 *     StreamWriter          writes from the tunnel to the socket
 *     Connector             connects the socket of a target
 *     ResetWatch            detects a reset while the socket is not read
 *     LastWords             relays the last bytes of a socket that takes no more bytes
 * </pre>
 */
@NullMarked
package io.portproxy.tunnel.stream;

import org.jspecify.annotations.NullMarked;
