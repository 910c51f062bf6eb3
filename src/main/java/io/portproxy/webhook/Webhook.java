package io.portproxy.webhook;

import io.portproxy.tunnel.telemetry.Event;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends events to one receiver, one after another, on a thread of its own, so a receiver that hangs delays nothing else. The queue is
 * limited. Events that find no room are dropped and counted. Any thread.
 */
public final class Webhook {
    private static final Logger log = LoggerFactory.getLogger(Webhook.class);

    private final WebhookSettings settings;
    private final Receiver receiver;
    private final Thread thread;
    private final Object lock = new Object();
    private final ArrayDeque<Event> queue = new ArrayDeque<>(); // guarded by lock, like the fields down to unsent
    private final Map<Event.Whose, Away> away =
            new LinkedHashMap<>(); // remotes that are down but not reported yet, the oldest first
    private boolean sending;
    private boolean closing; // no new events are accepted, and nothing is retried
    private int unsent; // events that were not retried because of the close
    private final AtomicLong sent = new AtomicLong();
    private final AtomicLong failed = new AtomicLong();
    private final AtomicLong gaveUp = new AtomicLong();
    private final AtomicLong dropped = new AtomicLong();
    private volatile @Nullable Instant lastSent;
    private volatile String trouble = "";

    /** A remote that is away, and the time when that is reported. */
    private record Away(Event event, long dueNanos) {
        boolean isDue(long now) {
            return dueNanos - now <= 0;
        }
    }

    /**
     * The result of a test.
     *
     * @param taken whether the receiver accepted the event
     * @param status the status of its answer; 0 if there was none
     * @param message why the event was not accepted; empty if it was
     * @param millis how long the attempt took, in milliseconds
     */
    public record Tested(boolean taken, int status, String message, long millis) {}

    Webhook(WebhookSettings settings) {
        this.settings = settings;
        this.receiver = new Receiver(settings);
        this.thread = new Thread(this::run, "webhook-" + settings.name());
        thread.setDaemon(true); // a receiver that hangs must not keep the process running
    }

    void start() {
        thread.start();
    }

    /** Returns the name of this webhook. */
    public String name() {
        return settings.name();
    }

    /** Adds an event to the queue if the settings ask for its type. Any thread; does not wait. */
    void happened(Event event) {
        Event.Type type = event.type();
        boolean wanted = settings.events().contains(type);
        boolean ofPresence = type == Event.Type.REMOTE_UP && waitsForAbsence();
        if (!wanted && !ofPresence) {
            return;
        }
        synchronized (lock) {
            if (closing) {
                return;
            }
            queueAbsences();
            if (ofPresence && away.remove(event.whose()) != null) {
                return; // the remote was back in time, so neither event is sent
            }
            if (!wanted) {
                return;
            }
            if (queue.size() + away.size() >= settings.queue()) {
                dropped.incrementAndGet();
                return;
            }
            if (type == Event.Type.REMOTE_DOWN && waitsForAbsence()) {
                away.putIfAbsent(
                        event.whose(),
                        new Away(event, System.nanoTime() + settings.patience().toNanos()));
            } else {
                queue.add(event);
            }
            lock.notifyAll();
        }
    }

    private boolean waitsForAbsence() {
        return !settings.patience().isZero();
    }

    /** Adds absences that have lasted long enough to the queue. They are sent even if the remote comes back before their turn. */
    private void queueAbsences() {
        long now = System.nanoTime();
        for (Iterator<Away> each = away.values().iterator(); each.hasNext(); ) {
            Away next = each.next();
            if (!next.isDue(now)) {
                return;
            }
            queue.add(next.event());
            each.remove();
        }
    }

    private void run() {
        try {
            for (Event event = next(); event != null; event = next()) {
                boolean done = attempt(event);
                synchronized (lock) {
                    sending = false;
                    unsent += done ? 0 : 1;
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // it is closed
        }
    }

    /** Delivers an event. A bug costs only this event. Returns {@code false} if the webhook closes and the event was not sent. */
    private boolean attempt(Event event) throws InterruptedException {
        try {
            return deliver(CloudEvent.of(settings.source(), event));
        } catch (RuntimeException | Error e) {
            gaveUp.incrementAndGet();
            log.error("{}: an event was dropped, because of a bug", settings, e);
            return true;
        }
    }

    /** Waits for the next event. Returns null if the webhook closes and no event waits. */
    private @Nullable Event next() throws InterruptedException {
        synchronized (lock) {
            while (!closing || !queue.isEmpty()) {
                queueAbsences();
                Event event = queue.poll();
                if (event != null) {
                    sending = true;
                    return event;
                }
                if (away.isEmpty()) {
                    lock.wait();
                } else {
                    long left = away.values().iterator().next().dueNanos() - System.nanoTime();
                    lock.wait(Math.max(1, TimeUnit.NANOSECONDS.toMillis(left) + 1));
                }
            }
            return null;
        }
    }

    /** Sends an event, with retries. Returns {@code false} if the webhook closes before the event could be sent. */
    private boolean deliver(CloudEvent event) throws InterruptedException {
        long start = System.nanoTime();
        Duration wait = settings.retryFirst();
        while (true) {
            Receiver.Attempt attempt = receiver.send(event);
            if (attempt.taken()) {
                took();
                return true;
            }
            failed(attempt);
            boolean late = System.nanoTime() - start + wait.toNanos()
                    > settings.retryFor().toNanos();
            if (attempt.isFinal() || late) {
                gaveUp.incrementAndGet();
                log.warn("{}: an event was dropped: {}", settings, attempt.trouble());
                return true;
            }
            if (!pause(wait)) {
                return false;
            }
            wait = wait.multipliedBy(2).compareTo(settings.retryMax()) > 0 ? settings.retryMax() : wait.multipliedBy(2);
        }
    }

    private void took() {
        sent.incrementAndGet();
        lastSent = Instant.now();
        if (!trouble.isEmpty()) {
            log.info("{} accepts events again", settings);
        }
        trouble = "";
    }

    private void failed(Receiver.Attempt attempt) {
        failed.incrementAndGet();
        if (trouble.isEmpty()) {
            log.warn(
                    "{} does not accept an event: {}; retried for up to {} s",
                    settings,
                    attempt.trouble(),
                    settings.retryFor().toSeconds());
        }
        trouble = attempt.trouble();
    }

    /** Waits. Returns {@code false} if the webhook closes. */
    private boolean pause(Duration wait) throws InterruptedException {
        long end = System.nanoTime() + wait.toNanos();
        synchronized (lock) {
            for (long left = wait.toNanos(); left > 0 && !closing; left = end - System.nanoTime()) {
                lock.wait(TimeUnit.NANOSECONDS.toMillis(left) + 1);
            }
            return !closing;
        }
    }

    /** Sends a test event immediately, without the queue and without a retry. Blocks for at most the timeout. */
    public Tested test() throws InterruptedException {
        long start = System.nanoTime();
        Receiver.Attempt attempt = receiver.send(CloudEvent.test(settings.source(), settings.name()));
        long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
        return new Tested(attempt.taken(), attempt.status(), attempt.trouble(), millis);
    }

    /** Returns the current state. */
    public WebhookView view() {
        int waiting;
        synchronized (lock) {
            long now = System.nanoTime();
            long absences =
                    away.values().stream().takeWhile(each -> each.isDue(now)).count();
            waiting = queue.size() + (int) absences + (sending ? 1 : 0);
        }
        return new WebhookView(
                settings.name(),
                settings.place(),
                settings.events().stream().map(Event.Type::key).sorted().toList(),
                waiting,
                sent.get(),
                failed.get(),
                gaveUp.get(),
                dropped.get(),
                Optional.ofNullable(lastSent),
                Optional.of(trouble).filter(text -> !text.isEmpty()));
    }

    /**
     * Accepts no more events, and makes one attempt for each event that waits. Remotes that have not been away for long enough are not
     * reported.
     */
    void beginToClose() {
        synchronized (lock) {
            closing = true;
            queueAbsences();
            away.clear();
            lock.notifyAll();
        }
    }

    /**
     * Closes the webhook. Events that have not been sent by then are lost.
     *
     * @param waitNanos how long to wait until the waiting events are sent, in nanoseconds; 0 or less: do not wait
     */
    void close(long waitNanos) {
        beginToClose();
        try {
            if (waitNanos > 0) {
                TimeUnit.NANOSECONDS.timedJoin(thread, waitNanos);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        thread.interrupt();
        int lost;
        synchronized (lock) {
            lost = queue.size() + (sending ? 1 : 0) + unsent;
        }
        if (lost > 0) {
            log.warn("{}: the process stops, and {} events were not sent", settings, lost);
        }
    }
}
