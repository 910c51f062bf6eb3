/**
 * The connection that carries a tunnel's instructions. Knows no stream's socket: streams come to it by {@code StreamOutput}.
 *
 * <pre>
 *   TunnelConnection        says when it is read and written
 *   InstructionReader       what comes: read, decoded, handed on
 *   TunnelWriter            what leaves, in which order, in one write at the end of a turn; Outbox: until it has left
 *     ControlWriter         all of it but data
 *     HeldCloses            what waits a moment for the older program's sake
 *   InFlightLimit           how much may be in flight
 *   Liveness                whether the peer is there
 *   GoingAway               the end in good order
 *   InstructionTrace        a line for each instruction, when asked for
 * </pre>
 */
@NullMarked
package io.portproxy.tunnel.connection;

import org.jspecify.annotations.NullMarked;
