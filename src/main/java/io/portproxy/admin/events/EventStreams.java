package io.portproxy.admin.events;

import io.portproxy.admin.problem.BusyException;
import io.portproxy.tunnel.telemetry.Event;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSession;
import jakarta.servlet.http.HttpSessionEvent;
import jakarta.servlet.http.HttpSessionListener;
import java.io.IOException;
import java.security.Principal;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/**
 * The subscribers to events, each with a thread, up to a limit. They stop after the roles, so that they also receive
 * the events of the stop. They stop before the web server, which would wait for them. A browser's stream ends when its
 * session ends.
 */
@Component
public final class EventStreams implements SmartLifecycle, HttpSessionListener {
    private static final Logger log = LoggerFactory.getLogger(EventStreams.class);
    private static final long STOP_SECONDS = 1;

    private final EventRing ring;
    private final EventSettings settings;
    private final JsonMapper json;
    private final Semaphore places;
    private final Map<EventStream, Listener> listeners = new ConcurrentHashMap<>();
    private final LongAdder dropped = new LongAdder();
    private final LongAdder refused = new LongAdder();
    private volatile boolean running = true;

    /**
     * A subscriber.
     *
     * @param sessionId the browser's session; empty without a session
     * @param user the name of the user or the token
     */
    private record Listener(String sessionId, String user) {
        static Listener of(HttpServletRequest request) {
            HttpSession session = request.getSession(false);
            Principal user = request.getUserPrincipal();
            return new Listener(session == null ? "" : session.getId(), user == null ? "" : user.getName());
        }
    }

    EventStreams(EventRing ring, EventSettings settings, JsonMapper json) {
        this.ring = ring;
        this.settings = settings;
        this.json = json;
        this.places = new Semaphore(this.settings.maxSubscribers());
    }

    /** Returns the number of subscribers. */
    public int subscribers() {
        return settings.maxSubscribers() - places.availablePermits();
    }

    /** Returns how many events subscribers have missed because they were too slow or came too late. */
    public long dropped() {
        return dropped.sum();
    }

    /** Returns how many subscribers were refused. */
    public long refused() {
        return refused.sum();
    }

    /**
     * Answers a request with events, until either side ends the stream. Writes the first bytes on the caller's thread,
     * because the security headers are sent with them. Another thread writes all others.
     *
     * @param wanted says which events to send
     * @param after the number of the last event that the subscriber has seen, if it has seen any
     * @param recent how many past events come first if the subscriber has seen none
     * @throws BusyException if the number of subscribers is at its limit, or the process is stopping
     */
    void open(
            HttpServletRequest request,
            HttpServletResponse response,
            Predicate<Event> wanted,
            Optional<Long> after,
            int recent)
            throws IOException {
        EventRing.Cursor cursor = after.map(ring::after).orElseGet(() -> ring.latest(recent));
        EventStream stream = new EventStream(
                cursor, wanted, response.getOutputStream(), json, settings.heartbeatInterval(), dropped);
        if (!running) {
            throw new BusyException("the process is stopping");
        } else if (!places.tryAcquire()) {
            refused.increment();
            throw new BusyException("too many programs listen to events; the limit is " + settings.maxSubscribers()
                    + " (portproxy.admin.events.max-subscribers)");
        }
        boolean started = false;
        try {
            start(stream, request);
            started = true;
        } finally {
            if (!started) {
                ended(stream);
            }
        }
    }

    private void start(EventStream stream, HttpServletRequest request) throws IOException {
        AsyncContext async = request.startAsync();
        boolean started = false;
        try {
            async.setTimeout(0); // no timeout
            async.addListener(new Failed());
            stream.comment();
            listeners.put(stream, Listener.of(request));
            Thread thread = new Thread(() -> run(stream, async), "events");
            thread.setDaemon(true);
            thread.start();
            started = true;
            if (!running) {
                stream.end(ring.last()); // stop() has run and has not seen this stream
            }
        } finally {
            if (!started) {
                async.complete(); // or the web server would wait for a thread that does not run
            }
        }
    }

    private void ended(EventStream stream) {
        listeners.remove(stream);
        places.release();
    }

    private void run(EventStream stream, AsyncContext async) {
        boolean failed = false;
        try {
            stream.run();
        } catch (IOException e) {
            failed = true;
            log.debug("a subscriber to events is gone, or hangs", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            try {
                if (!failed) {
                    async.complete(); // after a failure the web server calls Failed instead
                }
            } finally {
                ended(stream);
            }
        }
    }

    /** Ends a request whose connection is broken. Without it, the web server would render an error page for a closed connection. */
    private static final class Failed implements AsyncListener {
        @Override
        public void onError(AsyncEvent event) {
            event.getAsyncContext().complete();
        }

        @Override
        public void onComplete(AsyncEvent event) {}

        @Override
        public void onTimeout(AsyncEvent event) {}

        @Override
        public void onStartAsync(AsyncEvent event) {}
    }

    @Override
    public void sessionDestroyed(HttpSessionEvent event) {
        String id = event.getSession().getId();
        end(listener -> listener.sessionId().equals(id));
    }

    /** Ends the streams of a user or a token that has lost access or whose role has changed. */
    public void endOf(String user) {
        end(listener -> listener.user().equals(user));
    }

    private void end(Predicate<Listener> meant) {
        listeners.forEach((stream, listener) -> {
            if (meant.test(listener)) {
                stream.end(ring.last());
            }
        });
    }

    @Override
    public void start() {
        running = true;
    }

    /** Waits until all subscribers have received all events, but at most {@value #STOP_SECONDS} s for those that hang. */
    @Override
    public void stop() {
        running = false;
        long newest = ring.last();
        listeners.keySet().forEach(stream -> stream.end(newest));
        try {
            if (places.tryAcquire(settings.maxSubscribers(), STOP_SECONDS, TimeUnit.SECONDS)) {
                places.release(settings.maxSubscribers());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    /** Stops after the drain, which has the last phase and so stops first. */
    @Override
    public int getPhase() {
        return DEFAULT_PHASE - 1;
    }
}
