/**
 * The data path: joins a connection of {@code net} to a session of {@code mux} and relays bytes.
 *
 * <pre>
 *   Tunnel                    one tunnel: makes its parts, joins them, and ends it
 *     connection..            the connection that carries instructions
 *     stream..                each stream's socket
 *     telemetry..             what is counted and told
 *     TunnelStreams           which streams it gets
 *     ClassicInstructions, ExtendedInstructions    what the peer says, by dialect, to whom it concerns
 *     TunnelPause             while it is not read
 *   Carrier                   a tunnel as the role sees it that has it
 *   TunnelOwner               the role as its tunnel sees it
 *   TunnelHandle              the door for those who watch and administer a tunnel, on any thread
 * </pre>
 */
@NullMarked
package io.portproxy.tunnel;

import org.jspecify.annotations.NullMarked;
