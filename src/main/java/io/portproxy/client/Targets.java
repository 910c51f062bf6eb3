package io.portproxy.client;

import io.portproxy.net.EventLoop;
import io.portproxy.net.Sockets;
import io.portproxy.net.UnixPath;
import io.portproxy.protocol.Open;
import io.portproxy.protocol.Printable;
import io.portproxy.protocol.ProtocolException;
import io.portproxy.protocol.Reason;
import io.portproxy.tunnel.TunnelStreams;
import io.portproxy.tunnel.stream.Connector;
import io.portproxy.tunnel.stream.DatagramConnector;
import io.portproxy.tunnel.telemetry.DatagramTotals;
import io.portproxy.tunnel.telemetry.StreamTotals;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Semaphore;

/**
 * Opens the targets that the server asks for, but only those that are allowed. So an attacker who controls the server reaches nothing else
 * (protocol.md, section 2). A target's host is resolved each time, and not on the loop.
 */
final class Targets {
    /** The largest number of sessions that may have a long datagram wait while their target is looked up. */
    private static final int MOST_LONG_WAITING = 64;

    private final Semaphore longWaiting = new Semaphore(MOST_LONG_WAITING);
    private final List<AllowedTarget> allow;
    private final Duration connectTimeout;
    private final Resolver resolver;
    private final StreamTotals totals;
    private final DatagramTotals datagrams;
    private final AskedTargets asked;

    Targets(
            List<AllowedTarget> allow,
            Duration connectTimeout,
            Resolver resolver,
            StreamTotals totals,
            DatagramTotals datagrams,
            AskedTargets asked) {
        this.allow = allow;
        this.connectTimeout = connectTimeout;
        this.resolver = resolver;
        this.totals = totals;
        this.datagrams = datagrams;
        this.asked = asked;
    }

    /** Opens the target of a stream, or refuses the stream. On the tunnel's loop. */
    void open(TunnelStreams streams, Open open) throws ProtocolException {
        String host = open.targetHost().orElse(AllowedTarget.LOOPBACK);
        int port = open.targetPort();
        boolean unix = port == 0 && UnixPath.isWritten(host);
        String target = Sockets.targetText(Printable.of(host), port);
        if (port == 0 && !unix) {
            asked.denied(target);
            streams.refuse(open, target, Reason.DENIED, "port 0 is no port");
        } else if (allow.stream().noneMatch(allowed -> allowed.allows(host, port))) {
            asked.denied(target);
            streams.refuse(open, target, Reason.DENIED, target + " is not in portproxy.client.allow of this remote");
        } else {
            asked.allowed(target);
            if (unix && open.isDatagrams()) {
                streams.refuse(open, target, Reason.TARGET_UNREACHABLE, "a unix socket takes no datagrams of UDP");
                return;
            }
            if (open.isDatagrams()) {
                EventLoop loop = streams.loop();
                streams.acceptDatagrams(
                        open,
                        target,
                        () -> datagrams(
                                open, new DatagramTarget(loop, resolver, host, port, connectTimeout, longWaiting)),
                        totals,
                        datagrams);
                return;
            }
            Connector dial = unix
                    ? loop -> new UnixDial(loop, UnixPath.parse(host), connectTimeout)
                    : loop -> dial(host, port, loop);
            Connector connector = open.firstBytes()
                    .<Connector>map(bytes -> new FirstBytes(dial, bytes))
                    .orElse(dial);
            streams.accept(open, target, connector, totals);
        }
    }

    private static DatagramConnector.Socket datagrams(Open open, DatagramTarget target) {
        return open.firstBytes()
                .<DatagramConnector.Socket>map(bytes -> new HeadedDatagrams(target, bytes))
                .orElse(target);
    }

    private TargetDial dial(String host, int port, EventLoop loop) throws IOException {
        TargetDial.LookUp lookUp = (found, failed) -> resolver.resolve(
                host,
                loop,
                addresses -> found.accept(Arrays.stream(addresses)
                        .map(address -> new InetSocketAddress(address, port))
                        .toList()),
                failed);
        return new TargetDial(loop, SocketChannel.open(), lookUp, connectTimeout);
    }
}
