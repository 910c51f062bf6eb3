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
 * Counts of the streams of one exposed port, or of a remote's tunnel, on one event loop. Only that loop writes. Any
 * thread may read, but it may see slightly old values. To count a chunk takes two plain stores: no lock, no fence, no
 * allocation.
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
     * Creates the totals of an exposed port.
     *
     * @param port the address that users connect to
     * @param target the target's {@code host:port} as the remote sees it
     * @param many whether the exposed port is a range of ports, and each stream has a target of its own
     * @param denial is called when the remote denies the target, and when it opens it
     */
    public static StreamTotals ofPort(String port, String target, boolean many, LastDenial denial) {
        return new StreamTotals(port, target, many, true, denial);
    }

    /** Creates the totals of a remote's tunnel. */
    public static StreamTotals ofRemote() {
        return new StreamTotals("", "", false, false, new LastDenial());
    }

    /** Returns the exposed port's address; empty on the remote's side. */
    String port() {
        return port;
    }

    /** Returns the target of a stream; empty on the remote's side. */
    public String target(Open open) {
        return manyTargets ? Sockets.targetText(open.targetHost().orElse(LOOPBACK), open.targetPort()) : target;
    }

    /** Returns whether the sockets are the users': then bytes that are read from them go to targets. */
    boolean usersSide() {
        return usersSide;
    }

    /** Returns when the peer last denied the target. */
    LastDenial denial() {
        return denial;
    }

    /** Returns the counters of delays. */
    DelayTotals delayTotals() {
        return delayTotals;
    }

    /** Returns how the streams opened, how long that took, and what delayed them. */
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

    /** Returns the number of streams that were opened. */
    public long opened() {
        return opened.get();
    }

    /** Returns the number of streams that ended for that reason. */
    public long closed(Reason reason) {
        return count(reason).get();
    }

    private AtomicLong count(Reason reason) {
        return Objects.requireNonNull(closed.get(reason));
    }

    /** Returns the number of bytes from users. */
    public long bytesIn() {
        return (long) (usersSide ? READ : WRITTEN).getOpaque(this);
    }

    /** Returns the number of bytes for users. */
    public long bytesOut() {
        return (long) (usersSide ? WRITTEN : READ).getOpaque(this);
    }
}
