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
 * The latest events, numbered from 1, and besides them the latest rare ones, which a flood of connections does not push
 * out. Whoever tells an event takes the next number and puts it into that number's place: no lock, and nobody waits,
 * however many read and however slowly. Each reader has a {@link Cursor} of its own, and sees from the numbers what it has
 * missed. Any thread.
 */
public final class EventRing implements EventSink {
    private final AtomicReferenceArray<Entry> places;
    private final AtomicReferenceArray<Entry> rarePlaces;
    private final AtomicLong last = new AtomicLong();
    private final AtomicLong rareCount = new AtomicLong();

    /** @param sequence the event's number in this process */
    record Entry(long sequence, Event event) {}

    /** @param size how many events are kept, and how many rare ones besides; positive */
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
        // A thread that was held up for a whole round must not put an old event over a newer one.
        while (before == null || before.sequence < entry.sequence) {
            if (places.compareAndSet(place, before, entry)) {
                return;
            }
            before = places.get(place);
        }
    }

    /** The rare events that are kept, in their order, with numbers from {@code from} to below {@code to}. */
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

    /** The number of the newest event; 0 before the first. */
    long last() {
        return last.get();
    }

    private long oldest() {
        return Math.max(1, last.get() - places.length() + 1);
    }

    /**
     * Reads from behind an event on.
     *
     * @param sequence its number; one that is still to come is of a process that is no more, so all events are new then
     */
    Cursor after(long sequence) {
        return sequence > last.get() ? latest(Integer.MAX_VALUE) : new Cursor(sequence + 1);
    }

    /** Reads the newest {@code count} that are kept, and before them as many rare ones. */
    Cursor latest(int count) {
        Cursor cursor = new Cursor(Math.max(oldest(), last.get() - count + 1));
        List<Entry> rare = rare(1, cursor.next);
        cursor.earlier.addAll(rare.subList(Math.max(0, rare.size() - count), rare.size()));
        return cursor;
    }

    /** The newest of those that are kept and meant. */
    public Optional<Event> newest(Predicate<Event> meant) {
        for (long sequence = last.get(); sequence >= oldest(); sequence--) {
            Entry entry = places.get(place(sequence));
            if (entry != null && entry.sequence == sequence && meant.test(entry.event)) {
                return Optional.of(entry.event);
            }
        }
        return Optional.empty();
    }

    /** Where one reader is. Not thread-safe. */
    final class Cursor {
        /** Rare ones that are not in the ring of all any more, and are to be read before it. */
        private final Queue<Entry> earlier = new ArrayDeque<>();

        private long next;
        private long missed;

        private Cursor(long next) {
            this.next = next;
        }

        /** The number of the event that it reads next, or a later one's if that is gone. */
        long next() {
            Entry first = earlier.peek();
            return first == null ? next : first.sequence;
        }

        /** The next event that is still there; empty if none has come since the last. */
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

        /** How many events were gone before they could be read, since this was asked last. */
        long takeMissed() {
            long taken = missed;
            missed = 0;
            return taken;
        }
    }
}
