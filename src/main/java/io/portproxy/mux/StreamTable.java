package io.portproxy.mux;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A table of streams by identity. It uses open addressing with linear probing, because a {@code HashMap<Long, …>} would
 * allocate a key for every chunk relayed.
 */
final class StreamTable {
    private static final int MIN_CAPACITY = 16;

    private @Nullable Stream[] slots = new @Nullable Stream[MIN_CAPACITY];
    private int size;

    @Nullable
    Stream get(long identity) {
        for (int i = home(identity, slots.length); ; i = next(i)) {
            Stream stream = slots[i];
            if (stream == null || stream.identity() == identity) {
                return stream;
            }
        }
    }

    /** Adds a stream whose identity is not in the table. */
    void add(Stream stream) {
        if ((size + 1) * 2 > slots.length) {
            resize(slots.length * 2);
        } else if (slots.length > MIN_CAPACITY && size * 8 < slots.length) {
            resize(slots.length / 2); // not when a stream is removed: an end must not need memory
        }
        insert(stream);
        size++;
    }

    /** Removes a stream that is in the table. Closes the gap, so that later probes find the entries after it. */
    void remove(Stream stream) {
        int gap = home(stream.identity(), slots.length);
        while (slots[gap] != stream) {
            if (slots[gap] == null) {
                throw new IllegalStateException("no stream " + stream);
            }
            gap = next(gap);
        }
        for (int i = next(gap); ; i = next(i)) {
            Stream candidate = slots[i];
            if (candidate == null) {
                break;
            }
            int home = home(candidate.identity(), slots.length);
            boolean homeIsBetween = gap <= i ? gap < home && home <= i : gap < home || home <= i;
            if (!homeIsBetween) {
                slots[gap] = candidate;
                gap = i;
            }
        }
        slots[gap] = null;
        size--;
    }

    /**
     * Returns any stream; null if there is none. Allocates no memory. It searches from the last slot, so that removing
     * all streams takes one pass.
     */
    @Nullable
    Stream any() {
        for (int i = size == 0 ? -1 : slots.length - 1; i >= 0; i--) {
            Stream stream = slots[i];
            if (stream != null) {
                return stream;
            }
        }
        return null;
    }

    int size() {
        return size;
    }

    List<Stream> toList() {
        List<Stream> streams = new ArrayList<>(size);
        for (Stream stream : slots) {
            if (stream != null) {
                streams.add(stream);
            }
        }
        return streams;
    }

    private void insert(Stream stream) {
        int i = home(stream.identity(), slots.length);
        while (slots[i] != null) {
            i = next(i);
        }
        slots[i] = stream;
    }

    private void resize(int capacity) {
        List<Stream> streams = toList();
        slots = new @Nullable Stream[capacity];
        streams.forEach(this::insert);
    }

    private int next(int index) {
        return (index + 1) & (slots.length - 1);
    }

    private static int home(long identity, int capacity) {
        long mixed = identity * 0x9E3779B97F4A7C15L; // 2^64 divided by the golden ratio spreads consecutive numbers
        return (int) (mixed >>> 40) & (capacity - 1);
    }
}
