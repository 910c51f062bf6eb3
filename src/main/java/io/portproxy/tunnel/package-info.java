/**
 * The data path: joins a connection of {@code net} to a session of {@code mux} and relays bytes.
 *
 * <pre>
 *   Tunnel                    one tunnel; joins its parts, and ends it
 *     InstructionReader       what comes from the peer: decoded, and handed to the session
 *     TunnelWriter            what leaves to the peer, in which order; ControlWriter: all of it but data
 *     TunnelStreams           which streams it gets
 *     Liveness                whether the peer is there
 *     TunnelPause             while it is not read
 *     GoingAway               its end in good order
 *   StreamSocket              one stream's socket; connects and closes it
 *     StreamReader            from the socket into the tunnel
 *     StreamWriter            from the tunnel to the socket
 *     TargetDial              connects it to a target
 *     ResetWatch              finds a reset while it is not read
 *     StreamReport            what others get to know of it; StreamTimes, StreamTotals: what is counted
 *   TunnelHandle              the door for those who watch and administer a tunnel, on any thread
 *   TunnelOwner               the role that a tunnel belongs to
 * </pre>
 */
@NullMarked
package io.portproxy.tunnel;

import org.jspecify.annotations.NullMarked;
