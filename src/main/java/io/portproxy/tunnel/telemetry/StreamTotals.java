package io.portproxy.tunnel.telemetry;

import io.portproxy.net.Sockets;
import io.portproxy.protocol.Open;
import io.portproxy.protocol.Reason;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What the streams of one exposed port, or of a remote's tunnel, have come to on one event loop. That loop alone writes;
 * any thread reads, a little late perhaps. Counting a chunk is two plain stores: no lock, no fence, nothing allocated.
 */
public final class StreamTotals {
    private static final String LOOPBACK = "127.0.0.1";

    private static final VarHandle READ;
    private static final VarHandle WRITTEN;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            READ = lookup.findVarHandle(StreamTotals.class, "read", long.class);
            WRITTEN = lookup.findVarHandle(StreamTotals.class, "written", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final String port;
    private final String target;
    private final boolean manyTargets;
    private final boolean usersSide;
    private final LastDenial denial;
    private long read;
    private long written;
    private final DelayTotals delayTotals = new DelayTotals();
    private final AtomicLong opened = new AtomicLong();
    private final Map<Reason, AtomicLong> closed = new EnumMap<>(Reason.class);

    private StreamTotals(String port, String target, boolean manyTargets, boolean usersSide, LastDenial denial) {
        this.manyTargets = manyTargets;
        this.port = port;
        this.target = target;
        this.usersSide = usersSide;
        this.denial = denial;
        for (Reason reason : Reason.values()) {
            closed.put(reason, new AtomicLong());
        }
    }

    /**
     * Of an exposed port.
     *
     * @param port the address that users connect to
     * @param target the target's {@code host:port} as the remote sees it
     * @param many whether these are many ports, and each stream is to one of them
     * @param denial is told when the remote denies the target, and when it opens it
     */
    public static StreamTotals ofPort(String port, String target, boolean many, LastDenial denial) {
        return new StreamTotals(port, target, many, true, denial);
    }

    /** Of a remote's tunnel. */
    public static StreamTotals ofRemote() {
        return new StreamTotals("", "", false, false, new LastDenial());
    }

    /** The exposed port's address; empty on the remote's side. */
    String port() {
        return port;
    }

    /** The target of a stream; empty on the remote's side. */
    public String target(Open open) {
        return manyTargets ? Sockets.targetText(open.targetHost().orElse(LOOPBACK), open.targetPort()) : target;
    }

    /** Whether the sockets are the users', so that what is read from them goes to targets. */
    boolean usersSide() {
        return usersSide;
    }

    /** Whether the peer denies the target. */
    LastDenial denial() {
        return denial;
    }

    /** What else is counted of them. */
    DelayTotals delayTotals() {
        return delayTotals;
    }

    /** How they opened, how fast, and what held them up. */
    public StreamDelays delays() {
        return delayTotals.view();
    }

    void addRead(int bytes) {
        READ.setOpaque(this, read + bytes);
    }

    void addWritten(int bytes) {
        WRITTEN.setOpaque(this, written + bytes);
    }

    void addOpened() {
        opened.incrementAndGet();
    }

    void addClosed(Reason reason) {
        count(reason).incrementAndGet();
    }

    /** Streams that were opened. */
    public long opened() {
        return opened.get();
    }

    /** Streams that ended for that reason. */
    public long closed(Reason reason) {
        return count(reason).get();
    }

    private AtomicLong count(Reason reason) {
        return Objects.requireNonNull(closed.get(reason));
    }

    /** Bytes from users. */
    public long bytesIn() {
        return (long) (usersSide ? READ : WRITTEN).getOpaque(this);
    }

    /** Bytes for users. */
    public long bytesOut() {
        return (long) (usersSide ? WRITTEN : READ).getOpaque(this);
    }
}
