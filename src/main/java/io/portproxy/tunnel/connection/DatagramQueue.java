package io.portproxy.tunnel.connection;

import io.portproxy.protocol.Wire;
import io.portproxy.tunnel.stream.DatagramDrop;
import io.portproxy.tunnel.stream.DatagramOutput;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Records which datagrams wait in an {@link Outbox}, and which streams they belong to. All datagrams together have a
 * limit, and each stream may use half of it. Beyond that, datagrams are dropped and not delayed. The bytes themselves
 * are in the outbox, among the instructions. On the tunnel's loop.
 */
final class DatagramQueue {
    private static final int FIRST_CAPACITY = 64;

    private final int limit;
    private final int maxCount;
    private long[] ends = new long[FIRST_CAPACITY]; // a ring: where each datagram ends, in bytes since the tunnel began
    private int[] lengths = new int[FIRST_CAPACITY];
    private DatagramOutput.@Nullable Share[] shares = new DatagramOutput.@Nullable Share[FIRST_CAPACITY];
    private int first;
    private int count;
    private int bytes;

    /**
     * @param limit the bytes of all datagrams that may wait
     */
    DatagramQueue(int limit) {
        this.limit = limit;
        this.maxCount = Math.max(FIRST_CAPACITY, limit / Wire.DATAGRAM_HEAD / 8); // limits empty datagrams, too
    }

    /** Returns why another datagram does not fit; null if it fits. */
    @Nullable
    DatagramDrop refusal(int length, DatagramOutput.Share share) {
        if (count > 0 && (bytes + length > limit || count >= maxCount)) {
            return DatagramDrop.TUNNEL_FULL;
        }
        return share.bytes() > 0 && share.bytes() + length > limit / 2 ? DatagramDrop.SESSION_FULL : null;
    }

    /**
     * Adds a datagram that waits.
     *
     * @param end where it ends, in bytes since the tunnel began
     */
    void add(int length, DatagramOutput.Share share, long end) {
        if (count == ends.length) {
            grow();
        }
        int last = (first + count) & (ends.length - 1);
        ends[last] = end;
        lengths[last] = length;
        shares[last] = share;
        count++;
        bytes += length;
        share.add(length);
    }

    /**
     * Removes the datagrams that have left.
     *
     * @param all the number of bytes that have left since the tunnel began
     */
    void left(long all) {
        while (count > 0 && ends[first] <= all) {
            DatagramOutput.Share share = shares[first];
            if (share != null) {
                share.add(-lengths[first]);
            }
            shares[first] = null;
            bytes -= lengths[first];
            first = (first + 1) & (ends.length - 1);
            count--;
        }
    }

    private void grow() {
        int before = ends.length;
        rotate();
        ends = Arrays.copyOf(ends, before * 2);
        lengths = Arrays.copyOf(lengths, before * 2);
        shares = Arrays.copyOf(shares, before * 2);
    }

    /** Moves the first datagram to the start of the arrays. */
    private void rotate() {
        int size = ends.length;
        long[] newEnds = new long[size];
        int[] newLengths = new int[size];
        DatagramOutput.@Nullable Share[] newShares = new DatagramOutput.@Nullable Share[size];
        for (int i = 0; i < count; i++) {
            int from = (first + i) & (size - 1);
            newEnds[i] = ends[from];
            newLengths[i] = lengths[from];
            newShares[i] = shares[from];
        }
        ends = newEnds;
        lengths = newLengths;
        shares = newShares;
        first = 0;
    }
}
