package io.portproxy.admin.events;

import io.portproxy.tunnel.telemetry.Event;
import io.portproxy.tunnel.telemetry.EventSink;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Predicate;

/**
 * Keeps the latest events, numbered from 1. It also keeps the latest rare events in a second ring, so that a flood of
 * connections does not push them out.
 *
 * <p>A thread that reports an event takes the next number and writes the event to the place of that number. There is no
 * lock, and no thread waits, however many readers there are and however slow they are. Each reader has its own
 * {@link Cursor}, and sees from the numbers which events it has missed. Any thread.
 */
public final class EventRing implements EventSink {
    private final AtomicReferenceArray<Entry> places;
    private final AtomicReferenceArray<Entry> rarePlaces;
    private final AtomicLong last = new AtomicLong();
    private final AtomicLong rareCount = new AtomicLong();

    /** @param sequence the event's number in this process */
    record Entry(long sequence, Event event) {}

    /** @param size how many events are kept, and how many rare events in addition; positive */
    public EventRing(int size) {
        places = new AtomicReferenceArray<>(size);
        rarePlaces = new AtomicReferenceArray<>(size);
    }

    @Override
    public void happened(Event event) {
        Entry entry = new Entry(last.incrementAndGet(), event);
        put(places, place(entry.sequence), entry);
        if (!event.type().isFrequent()) {
            put(rarePlaces, (int) (rareCount.getAndIncrement() % rarePlaces.length()), entry);
        }
    }

    private static void put(AtomicReferenceArray<Entry> places, int place, Entry entry) {
        Entry before = places.get(place);
        // A thread that was delayed for a whole round must not overwrite a newer event with an old one.
        while (before == null || before.sequence < entry.sequence) {
            if (places.compareAndSet(place, before, entry)) {
                return;
            }
            before = places.get(place);
        }
    }

    /** Returns the kept rare events with numbers from {@code from} to below {@code to}, in order. */
    private List<Entry> rare(long from, long to) {
        List<Entry> found = new ArrayList<>();
        for (int i = 0; i < rarePlaces.length(); i++) {
            Entry entry = rarePlaces.get(i);
            if (entry != null && entry.sequence >= from && entry.sequence < to) {
                found.add(entry);
            }
        }
        found.sort(Comparator.comparingLong(Entry::sequence));
        return found;
    }

    private int place(long sequence) {
        return (int) (sequence % places.length());
    }

    /** Returns the number of the newest event; 0 before the first. */
    long last() {
        return last.get();
    }

    private long oldest() {
        return Math.max(1, last.get() - places.length() + 1);
    }

    /**
     * Returns a cursor that reads the events after a given one.
     *
     * @param sequence the number of that event; a number greater than the newest is from an earlier process, and then
     *     all events are new
     */
    Cursor after(long sequence) {
        return sequence > last.get() ? latest(Integer.MAX_VALUE) : new Cursor(sequence + 1);
    }

    /** Returns a cursor that reads the newest {@code count} kept events, and before them up to as many rare ones. */
    Cursor latest(int count) {
        Cursor cursor = new Cursor(Math.max(oldest(), last.get() - count + 1));
        List<Entry> rare = rare(1, cursor.next);
        cursor.earlier.addAll(rare.subList(Math.max(0, rare.size() - count), rare.size()));
        return cursor;
    }

    /** Returns the newest kept event that {@code meant} accepts. */
    public Optional<Event> newest(Predicate<Event> meant) {
        for (long sequence = last.get(); sequence >= oldest(); sequence--) {
            Entry entry = places.get(place(sequence));
            if (entry != null && entry.sequence == sequence && meant.test(entry.event)) {
                return Optional.of(entry.event);
            }
        }
        return Optional.empty();
    }

    /** The position of one reader. Not thread-safe. */
    final class Cursor {
        /** Rare events that the main ring no longer holds. They are read first. */
        private final Queue<Entry> earlier = new ArrayDeque<>();

        private long next;
        private long missed;

        private Cursor(long next) {
            this.next = next;
        }

        /** Returns the number of the event that the cursor reads next, or that of a later event if the next one is gone. */
        long next() {
            Entry first = earlier.peek();
            return first == null ? next : first.sequence;
        }

        /** Returns the next event that is still kept; empty if there is no new one. */
        Optional<Entry> poll() {
            while (true) {
                if (!earlier.isEmpty()) {
                    return Optional.of(earlier.remove());
                }
                Entry entry = places.get(place(next));
                if (entry == null || entry.sequence < next) {
                    return Optional.empty();
                } else if (entry.sequence == next) {
                    next++;
                    return Optional.of(entry);
                }
                long there = Math.max(next + 1, oldest());
                earlier.addAll(rare(next, there));
                missed += there - next - earlier.size();
                next = there;
            }
        }

        /** Returns how many events were gone before they could be read, since the last call. */
        long takeMissed() {
            long taken = missed;
            missed = 0;
            return taken;
        }
    }
}
