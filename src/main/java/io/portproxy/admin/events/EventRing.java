package io.portproxy.admin.events;

import io.portproxy.tunnel.Event;
import io.portproxy.tunnel.EventSink;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Predicate;

/**
 * The latest events, numbered from 1. Whoever tells one takes the next number and puts it into that number's place: no
 * lock, and nobody waits, however many read and however slowly. Readers come by with a {@link Cursor} of their own and
 * see from the numbers what they have missed. Any thread.
 */
public final class EventRing implements EventSink {
    private final AtomicReferenceArray<Entry> places;
    private final AtomicLong last = new AtomicLong();

    /** @param sequence the event's number in this process */
    record Entry(long sequence, Event event) {}

    /** @param size how many events are kept; positive */
    public EventRing(int size) {
        places = new AtomicReferenceArray<>(size);
    }

    @Override
    public void happened(Event event) {
        Entry entry = new Entry(last.incrementAndGet(), event);
        int place = place(entry.sequence);
        Entry before = places.get(place);
        // Who was held up for a whole round must not put an old event over a newer one.
        while (before == null || before.sequence < entry.sequence) {
            if (places.compareAndSet(place, before, entry)) {
                return;
            }
            before = places.get(place);
        }
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
        return new Cursor(sequence > last.get() ? oldest() : sequence + 1);
    }

    /** Reads from behind all but the newest of them, of those that are still there. */
    Cursor latest(int count) {
        return new Cursor(Math.max(oldest(), last.get() - count + 1));
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
        private long next;
        private long missed;

        private Cursor(long next) {
            this.next = next;
        }

        /** The number of the event that it reads next, or a later one's if that is gone. */
        long next() {
            return next;
        }

        /** The next event that is still there; empty if none has come since the last. */
        Optional<Entry> poll() {
            while (true) {
                Entry entry = places.get(place(next));
                if (entry == null || entry.sequence < next) {
                    return Optional.empty();
                } else if (entry.sequence == next) {
                    next++;
                    return Optional.of(entry);
                }
                long there = Math.max(next + 1, oldest());
                missed += there - next;
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
