package io.portproxy.client;

import io.portproxy.net.Durations;
import io.portproxy.net.EventLoop;
import io.portproxy.net.ReadyHandler;
import io.portproxy.net.Sockets;
import io.portproxy.net.Timers;
import io.portproxy.protocol.Reason;
import io.portproxy.protocol.Wire;
import io.portproxy.tunnel.stream.DatagramConnector;
import io.portproxy.tunnel.stream.DatagramDrop;
import io.portproxy.tunnel.stream.DatagramFlow;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.net.SocketTimeoutException;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Objects;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/**
 * The socket that carries one user's datagrams to a target. Each user has a separate socket, so the target can tell users apart. It is
 * opened when the target's address is known. On the tunnel's loop.
 */
final class DatagramTarget implements DatagramConnector.Socket, ReadyHandler {
    /**
     * The largest number of datagrams that wait while the target's name is looked up, and of their bytes. One datagram may be longer than
     * this. Its bytes do not count.
     */
    private static final int MOST_WAITING = 4;

    private static final int MOST_BYTES_WAITING = 8 * 1024;

    /** The largest number of reads in one turn of the loop, so that a target that sends much does not delay others. */
    private static final int READS_A_TURN = 64;

    private final EventLoop loop;
    private final Resolver resolver;
    private final String host;
    private final int port;
    private final Duration timeout;
    private final ArrayDeque<ByteBuffer> waiting = new ArrayDeque<>(0);
    private final Semaphore longWaiting;
    private int bytesWaiting;
    private boolean hasLong;
    private @Nullable DatagramFlow flow; // null before the start
    private @Nullable DatagramChannel channel; // null until the address is known
    private Timers.@Nullable Timer timer; // for the look-up
    private boolean closed;

    /**
     * @param timeout the timeout for the look-up of the target's name
     * @param longWaiting limits how many targets together may have a long datagram that waits
     */
    DatagramTarget(EventLoop loop, Resolver resolver, String host, int port, Duration timeout, Semaphore longWaiting) {
        this.longWaiting = longWaiting;
        this.loop = loop;
        this.resolver = resolver;
        this.host = host;
        this.port = port;
        this.timeout = timeout;
    }

    @Override
    public void start(DatagramFlow newFlow) {
        flow = newFlow;
        String late = "the target's name was not looked up within " + Durations.text(timeout);
        timer = loop.timers()
                .afterAwake(
                        timeout.toNanos(),
                        () -> fail(Reason.DIAL_TIMEOUT, new SocketTimeoutException(late)),
                        this::abort);
        resolver.resolve(host, loop, this::found, cause -> fail(Reason.TARGET_UNREACHABLE, cause));
    }

    private DatagramFlow flow() {
        return Objects.requireNonNull(flow);
    }

    private void found(InetAddress[] addresses) {
        if (closed) {
            return;
        }
        cancelTimer();
        try {
            connect(addresses);
        } catch (IOException e) {
            fail(Sockets.isOutOfDescriptors(e) ? Reason.LIMIT : Reason.TARGET_UNREACHABLE, e);
            return;
        }
        flow().connected();
        for (ByteBuffer data = waiting.poll(); data != null && !closed; data = waiting.poll()) {
            DatagramDrop why = write(data);
            if (why != null) {
                flow().dropped(why);
            }
        }
        releaseLong();
    }

    private void releaseLong() {
        if (hasLong) {
            hasLong = false;
            longWaiting.release();
        }
    }

    /** Connects to the first address that this machine has a route to. */
    private void connect(InetAddress[] addresses) throws IOException {
        IOException failure = null;
        for (InetAddress address : addresses) {
            try {
                channel = connect(new InetSocketAddress(address, port));
                return;
            } catch (IOException e) {
                failure = e;
            }
        }
        throw failure == null ? new UnknownHostException(host) : failure;
    }

    private DatagramChannel connect(InetSocketAddress address) throws IOException {
        DatagramChannel fresh = open(address);
        try {
            fresh.configureBlocking(false);
            fresh.connect(address);
            loop.register(fresh, SelectionKey.OP_READ, this);
            return fresh;
        } catch (IOException e) {
            Sockets.close(fresh);
            throw e;
        }
    }

    private void fail(Reason reason, IOException cause) {
        if (!closed) {
            flow().failed(reason, cause);
        }
    }

    @Override
    public @Nullable DatagramDrop write(ByteBuffer data) {
        DatagramChannel current = channel;
        if (current == null) {
            return hold(data);
        }
        try {
            if (!data.hasRemaining()) {
                writeEmpty(current);
                return null;
            }
            return current.write(data) > 0 ? null : DatagramDrop.SOCKET_FULL;
        } catch (PortUnreachableException e) {
            return DatagramDrop.UNREACHABLE;
        } catch (IOException e) {
            return DatagramDrop.NOT_SENT;
        }
    }

    /**
     * Sends a datagram without bytes. The JDK cannot send one through a connected channel, so a second channel at the same local address
     * sends it. The second channel receives no datagrams, because the system prefers the connected one. The address may be shared only
     * during this call. Otherwise the system could give it to another session.
     */
    private static void writeEmpty(DatagramChannel current) throws IOException {
        InetSocketAddress target = (InetSocketAddress) current.getRemoteAddress();
        current.setOption(StandardSocketOptions.SO_REUSEADDR, true);
        try (DatagramChannel beside = open(target)) {
            beside.setOption(StandardSocketOptions.SO_REUSEADDR, true);
            beside.bind(current.getLocalAddress());
            beside.send(ByteBuffer.allocate(0), target);
        } finally {
            current.setOption(StandardSocketOptions.SO_REUSEADDR, false);
        }
    }

    private static DatagramChannel open(InetSocketAddress target) throws IOException {
        return DatagramChannel.open(
                target.getAddress() instanceof Inet4Address
                        ? StandardProtocolFamily.INET
                        : StandardProtocolFamily.INET6);
    }

    /** Keeps a datagram that arrives before the target's address is known. */
    private @Nullable DatagramDrop hold(ByteBuffer data) {
        int length = data.remaining();
        if (waiting.size() >= MOST_WAITING) {
            return DatagramDrop.OPENING;
        } else if (length > MOST_BYTES_WAITING) {
            if (hasLong || !longWaiting.tryAcquire()) {
                return DatagramDrop.OPENING;
            }
            hasLong = true;
        } else if (bytesWaiting + length > MOST_BYTES_WAITING) {
            return DatagramDrop.OPENING;
        } else {
            bytesWaiting += length;
        }
        waiting.add(ByteBuffer.allocate(length).put(data).flip());
        return null;
    }

    @Override
    public void ready(int readyOps) {
        read();
    }

    /**
     * Reads datagrams from the target. Errors other than an unreachable port also concern a single datagram: for example, a packet that is
     * too long for the path.
     */
    private void read() {
        DatagramChannel current = Objects.requireNonNull(channel);
        ByteBuffer data = loop.readBuffer();
        for (int n = READS_A_TURN; n > 0 && !closed; n--) {
            data.clear().limit(Wire.MAX_DATAGRAM + 1);
            try {
                if (current.receive(data) == null) {
                    return;
                }
                flow().send(data.flip());
            } catch (PortUnreachableException e) {
                flow().dropped(DatagramDrop.UNREACHABLE);
            } catch (ClosedChannelException e) {
                flow().failed(Reason.TARGET_UNREACHABLE, e);
            } catch (IOException e) {
                flow().dropped(DatagramDrop.NOT_SENT);
            }
        }
    }

    @Override
    public void closed(Reason reason) {
        closed = true;
        cancelTimer();
        waiting.clear();
        releaseLong();
        if (channel != null) {
            Sockets.close(channel);
        }
    }

    private void cancelTimer() {
        if (timer != null) {
            timer.cancel();
            timer = null;
        }
    }

    @Override
    public void abort() {
        flow().end(Reason.GOING_AWAY);
    }

    @Override
    public String toString() {
        return "datagrams for " + Sockets.text(host, port);
    }
}
