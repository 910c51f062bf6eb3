/**
 * The connection that carries a tunnel's instructions. It does not know the sockets of streams: streams use it through
 * {@code StreamOutput}.
 *
 * <pre>
 *   TunnelConnection        decides when the connection is read and written
 *   InstructionReader       reads the connection, decodes, and passes instructions on
 *   TunnelWriter            decides what leaves, in which order, in one write at the end of a turn
 *   Outbox                  holds bytes until they have left
 *     ControlWriter         writes all instructions but data
 *     HeldCloses            delays some instructions because of a fault of the older program
 *   InFlightLimit           limits the bytes in flight
 *   Liveness                checks whether the peer is alive
 *   TunnelLife              the tunnel's state
 *   GoingAway               the orderly end
 *   InstructionTrace        logs a line for each instruction, at level TRACE
 * </pre>
 */
@NullMarked
package io.portproxy.tunnel.connection;

import org.jspecify.annotations.NullMarked;
