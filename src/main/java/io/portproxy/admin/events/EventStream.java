package io.portproxy.admin.events;

import io.portproxy.tunnel.telemetry.Event;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Predicate;
import tools.jackson.databind.json.JsonMapper;

/**
 * Writes events for one subscriber as they happen, on its own thread. A slow subscriber blocks only this thread. The
 * stream looks for new events several times a second, so that the threads that report events need not wake it.
 */
final class EventStream {
    private static final long LOOK_MILLIS = 50;
    private static final int BATCH = 64 * 1024;

    private final EventRing.Cursor cursor;
    private final Predicate<Event> wanted;
    private final OutputStream out;
    private final JsonMapper json;
    private final Duration heartbeatInterval;
    private final LongAdder dropped;
    private final CountDownLatch ended = new CountDownLatch(1);
    private final ByteArrayOutputStream batch = new ByteArrayOutputStream();
    private volatile long last = Long.MAX_VALUE;
    private long writtenNanos = System.nanoTime();

    /**
     * @param out blocks while the subscriber reads nothing, and fails after too long a time
     * @param dropped counts the events that the subscriber has missed
     */
    EventStream(
            EventRing.Cursor cursor,
            Predicate<Event> wanted,
            OutputStream out,
            JsonMapper json,
            Duration heartbeatInterval,
            LongAdder dropped) {
        this.cursor = cursor;
        this.wanted = wanted;
        this.out = out;
        this.json = json;
        this.heartbeatInterval = heartbeatInterval;
        this.dropped = dropped;
    }

    /**
     * Ends the stream after it has written all events so far. Any thread.
     *
     * @param newest the number of the newest event
     */
    void end(long newest) {
        last = newest;
        ended.countDown();
    }

    /**
     * Writes until the stream is ended.
     *
     * @throws IOException if the subscriber is gone or hangs
     */
    void run() throws IOException, InterruptedException {
        while (true) {
            boolean ending = ended.getCount() == 0; // read first, so that the next look finds all events until then
            gather();
            if (batch.size() > 0) {
                flush();
            } else if (ending) {
                return;
            } else if (System.nanoTime() - writtenNanos >= heartbeatInterval.toNanos()) {
                comment();
            } else {
                boolean unused = ended.await(LOOK_MILLIS, TimeUnit.MILLISECONDS);
            }
        }
    }

    /** Writes a comment line. It shows the subscriber that the server is there, and the server whether the subscriber is. */
    void comment() throws IOException {
        batch.writeBytes(":\n\n".getBytes(StandardCharsets.UTF_8));
        flush();
    }

    private void gather() {
        while (batch.size() < BATCH && cursor.next() <= last) {
            Optional<EventRing.Entry> entry = cursor.poll();
            if (entry.isEmpty()) {
                return;
            }
            long sequence = entry.get().sequence();
            long missed = cursor.takeMissed();
            if (missed > 0) {
                dropped.add(missed);
                add(EventJson.dropped(sequence - 1, missed, Instant.now()));
            }
            if (wanted.test(entry.get().event())) {
                add(EventJson.of(sequence, entry.get().event()));
            }
        }
    }

    private void add(EventJson event) {
        String head = "id: " + event.sequence() + "\nevent: " + event.type() + "\ndata: ";
        batch.writeBytes(head.getBytes(StandardCharsets.UTF_8));
        batch.writeBytes(json.writeValueAsBytes(event)); // one line: JSON escapes line ends in strings
        batch.writeBytes("\n\n".getBytes(StandardCharsets.UTF_8));
    }

    private void flush() throws IOException {
        batch.writeTo(out);
        out.flush();
        batch.reset();
        writtenNanos = System.nanoTime();
    }
}
