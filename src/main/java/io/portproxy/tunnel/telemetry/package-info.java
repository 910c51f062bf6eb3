/**
 * Counters, log lines and events of tunnels and streams. They are no part of the data path: an exception here does not
 * harm a connection.
 *
 * <pre>
 *   StreamReport            observes one stream; updates StreamTotals, StreamTimes and DelayTotals, calls RemoteEvents
 *   TunnelTotals            the counters of a remote's tunnels
 *   ...Counts, StreamDelays the values of counters at one moment
 *   StreamView, TunnelView  the state of a stream or a tunnel at one moment
 *   Event, EventSink        events, for observers
 * </pre>
 */
@NullMarked
package io.portproxy.tunnel.telemetry;

import org.jspecify.annotations.NullMarked;
