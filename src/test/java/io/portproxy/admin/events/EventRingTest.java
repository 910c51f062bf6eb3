package io.portproxy.admin.events;

import static org.assertj.core.api.Assertions.assertThat;

import io.portproxy.tunnel.telemetry.Event;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class EventRingTest {
    private final EventRing ring = new EventRing(16);

    private static void tell(EventRing ring, int count) {
        tell(ring, Event.Type.STREAM_OPENED, count);
    }

    private static void tell(EventRing ring, Event.Type type, int count) {
        Event event = new Event(
                type, 0, new Event.Whose(true, "home"), Event.Subject.NONE, Event.Why.NONE, Event.Amounts.NONE);
        IntStream.range(0, count).forEach(i -> ring.happened(event));
    }

    private static List<Long> read(EventRing.Cursor cursor) {
        List<Long> sequences = new ArrayList<>();
        for (Optional<EventRing.Entry> entry = cursor.poll(); entry.isPresent(); entry = cursor.poll()) {
            sequences.add(entry.get().sequence());
        }
        return sequences;
    }

    private static List<Long> numbers(long from, long to) {
        return LongStream.rangeClosed(from, to).boxed().toList();
    }

    @Test
    void eachReaderHasEachEventOnceAndInOrder() {
        EventRing.Cursor early = ring.after(0);
        tell(ring, 3);
        EventRing.Cursor late = ring.after(ring.last());
        assertThat(read(early)).isEqualTo(numbers(1, 3));
        tell(ring, 2);
        assertThat(read(early)).isEqualTo(numbers(4, 5));
        assertThat(read(late)).isEqualTo(numbers(4, 5));
        assertThat(read(late)).isEmpty();
        assertThat(late.takeMissed()).isZero();
    }

    @Test
    void aSlowReaderHasTheNewestAndKnowsHowManyItHasMissed() {
        EventRing.Cursor slow = ring.after(0);
        tell(ring, 100);
        assertThat(read(slow)).isEqualTo(numbers(85, 100));
        assertThat(slow.takeMissed()).isEqualTo(84);
        assertThat(slow.takeMissed()).isZero();
    }

    @Test
    void aReaderMayBeginWithTheLatestThatAreStillThere() {
        assertThat(read(ring.latest(3))).isEmpty();
        tell(ring, 20);
        assertThat(read(ring.latest(3))).isEqualTo(numbers(18, 20));
        assertThat(read(ring.latest(0))).isEmpty();
        EventRing.Cursor all = ring.latest(Integer.MAX_VALUE);
        assertThat(read(all)).isEqualTo(numbers(5, 20));
        assertThat(all.takeMissed()).isZero();
    }

    @Test
    void aReaderThatComesBackGoesOnWhereItWas() {
        tell(ring, 20);
        assertThat(read(ring.after(18))).isEqualTo(numbers(19, 20));
        assertThat(read(ring.after(20))).isEmpty();
    }

    @Test
    void aReaderOfAnotherProcessHasAllThatIsThere() {
        tell(ring, 20);
        EventRing.Cursor cursor = ring.after(5000);
        assertThat(read(cursor)).isEqualTo(numbers(5, 20));
        assertThat(cursor.takeMissed()).isZero();
    }

    /** Rare events are about remotes that come and go, changes, and certificates. */
    @Test
    void aFloodOfConnectionsDoesNotPushOutRareEvents() {
        tell(ring, Event.Type.REMOTE_UP, 2);
        tell(ring, 50);
        tell(ring, Event.Type.REMOTE_DOWN, 1);
        tell(ring, 100);

        assertThat(read(ring.latest(Integer.MAX_VALUE)))
                .startsWith(1L, 2L, 53L)
                .endsWith(153L)
                .hasSize(3 + 16);
        assertThat(read(ring.after(5000))).startsWith(1L, 2L, 53L).hasSize(3 + 16);
        assertThat(read(ring.latest(2))).containsExactly(2L, 53L, 152L, 153L);
        EventRing.Cursor back = ring.after(2);
        assertThat(read(back)).startsWith(53L, 138L).hasSize(1 + 16);
        assertThat(back.takeMissed()).isEqualTo(135 - 1);
    }

    @Test
    void ofRareEventsTheNewestAreKept() {
        tell(ring, Event.Type.REMOTE_UP, 40);
        tell(ring, 16);

        assertThat(read(ring.after(0))).isEqualTo(numbers(25, 56));
    }

    @Test
    void eventsOfSeveralThreadsAreNumberedWithoutAGap() throws Exception {
        int each = 5000;
        EventRing large = new EventRing(4 * each);
        List<Thread> threads = IntStream.range(0, 4)
                .mapToObj(i -> new Thread(() -> tell(large, each)))
                .toList();
        threads.forEach(Thread::start);
        for (Thread thread : threads) {
            thread.join();
        }
        EventRing.Cursor cursor = large.after(0);
        assertThat(read(cursor)).isEqualTo(numbers(1, 4L * each));
        assertThat(cursor.takeMissed()).isZero();
    }

    @Test
    void whoIsOvertakenAgainAndAgainLosesNoneUncounted() throws Exception {
        int count = 50_000;
        Thread teller = new Thread(() -> tell(ring, count));
        EventRing.Cursor cursor = ring.after(0);
        teller.start();
        long seen = 0;
        long before = 0;
        while (before < count) {
            Optional<EventRing.Entry> entry = cursor.poll();
            if (entry.isPresent()) {
                assertThat(entry.get().sequence()).isGreaterThan(before);
                before = entry.get().sequence();
                seen++;
            }
        }
        teller.join();
        assertThat(seen + cursor.takeMissed()).isEqualTo(count);
    }
}
