/**
 * What is counted and told of tunnels and streams. Not a part of the data path: what it throws costs a connection nothing.
 *
 * <pre>
 *   StreamReport            hears of one stream; counts it in StreamTotals, StreamTimes and DelayTotals, tells RemoteEvents
 *   TunnelTotals            what is counted of a remote's tunnels
 *   ...Counts, StreamDelays what was counted, as of one moment
 *   StreamView, TunnelView  what there is, as of one moment
 *   Event, EventSink        what happens, for those who watch
 * </pre>
 */
@NullMarked
package io.portproxy.tunnel.telemetry;

import org.jspecify.annotations.NullMarked;
