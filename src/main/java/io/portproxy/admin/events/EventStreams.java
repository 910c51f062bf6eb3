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
 * Those who listen to events, each with a thread and up to a limit. Stops when the roles have, so that they hear of that too, and
 * before the web server, which would wait for them; ends a browser's when its login ends.
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
     * Who listens.
     *
     * @param sessionId a browser's; empty without a session
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

    /** How many listen. */
    public int subscribers() {
        return settings.maxSubscribers() - places.availablePermits();
    }

    /** Events that subscribers have missed, as they were too slow or came too late. */
    public long dropped() {
        return dropped.sum();
    }

    /** Subscribers that were refused. */
    public long refused() {
        return refused.sum();
    }

    /**
     * Answers a request with events, until either side ends it. The first bytes are written here, as the security's headers
     * are with them; all others on a thread of their own.
     *
     * @param wanted which events
     * @param after the number of the last event that the subscriber has seen, if it has seen any
     * @param recent how many events that have been come first where it has seen none
     * @throws BusyException as many listen as may, or the process is stopping
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
            throw new BusyException("as many programs listen to events as may: " + settings.maxSubscribers()
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
            async.setTimeout(0); // none
            async.addListener(new Failed());
            stream.comment();
            listeners.put(stream, Listener.of(request));
            Thread thread = new Thread(() -> run(stream, async), "events");
            thread.setDaemon(true);
            thread.start();
            started = true;
            if (!running) {
                stream.end(ring.last()); // a stop that has not seen it
            }
        } finally {
            if (!started) {
                async.complete(); // else the web server would wait for a thread that there is not
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
                    async.complete(); // else the web server knows already, and tells Failed
                }
            } finally {
                ended(stream);
            }
        }
    }

    /** Ends a request whose connection is broken. Without it the web server would show an error's page to nobody. */
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

    /** Ends those of a user, or of a token, that may not listen any more, or in another role. */
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

    /** Waits until they have heard of everything, but not for those that hang. */
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

    /** Behind the drain, which has the last phase and so stops first. */
    @Override
    public int getPhase() {
        return DEFAULT_PHASE - 1;
    }
}
