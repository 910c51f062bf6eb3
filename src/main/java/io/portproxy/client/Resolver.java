package io.portproxy.client;

import io.portproxy.net.EventLoop;
import io.portproxy.net.NumericAddress;
import io.portproxy.net.Sockets;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Resolves names on threads of its own, because the JDK's look-up blocks. A numeric address needs no look-up. If a name is being looked up
 * already, a second caller gets the same answer. So a name whose look-up hangs uses few threads, and other names wait only when
 * {@link #MAX_THREADS} look-ups hang. Any thread.
 */
final class Resolver implements AutoCloseable {
    /** The largest number of look-ups at a time. Further ones wait. */
    static final int MAX_THREADS = 32;

    /** The largest number of look-ups of one name at a time. A new one begins if the last one has had no answer for {@link #patience}. */
    static final int MAX_PER_NAME = 4;

    /** The time to wait for an answer. A typical system resolver asks three servers twice, with a timeout of 5 s each. */
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private static final int MAX_WAITING = 1024;
    private static final int MAX_ASKERS = 65_536;

    private final Lookup lookup;
    private final ThreadPoolExecutor threads;
    private final Duration patience;
    private final Map<String, Deque<Question>> questions = new HashMap<>(); // look-ups in progress; guarded by itself

    /** Finds the addresses of a name. May block. */
    interface Lookup {
        InetAddress[] addresses(String host) throws UnknownHostException;
    }

    /** Uses the look-up of the JDK. */
    Resolver() {
        this(InetAddress::getAllByName);
    }

    Resolver(Lookup lookup) {
        this(lookup, PATIENCE, Resolver::thread);
    }

    Resolver(Lookup lookup, Duration patience, ThreadFactory factory) {
        this.lookup = lookup;
        this.patience = patience;
        this.threads = new ThreadPoolExecutor(
                MAX_THREADS, MAX_THREADS, 10, TimeUnit.SECONDS, new ArrayBlockingQueue<>(MAX_WAITING), factory);
        threads.allowCoreThreadTimeOut(true);
    }

    static Thread thread(Runnable task) {
        Thread thread = new Thread(task, "resolver");
        thread.setDaemon(true); // a name service that hangs must not keep the process running
        return thread;
    }

    /** Returns how long an answer may take. Callers must set a deadline of their own, because a look-up may never end. */
    Duration patience() {
        return patience;
    }

    /**
     * Resolves a name, or parses a numeric address. Calls one of the two callbacks at most once. It calls none if the name service hangs or
     * the loop has ended.
     *
     * @param loop the caller's loop; the callbacks run on it, immediately or later
     * @param found receives at least one address
     */
    void resolve(String host, EventLoop loop, Consumer<InetAddress[]> found, Consumer<IOException> failed) {
        Optional<InetAddress> numeric = NumericAddress.parse(host);
        if (numeric.isPresent()) {
            found.accept(new InetAddress[] {numeric.get()});
            return;
        }
        Asker asker = new Asker(loop, found, failed);
        Question fresh = new Question(host, loop.nanoTime());
        Optional<String> refusal = join(fresh, asker);
        if (refusal.isPresent()) {
            failed.accept(new IOException(refusal.get()));
        } else if (fresh.isAsked()) {
            begin(fresh);
        }
    }

    /** Adds an asker to a look-up in progress, or to the new one. Returns the reason if that is refused. */
    private Optional<String> join(Question fresh, Asker asker) {
        synchronized (questions) {
            Deque<Question> underWay = questions.computeIfAbsent(fresh.host, host -> new ArrayDeque<>());
            Question latest = underWay.peekLast();
            if (latest != null && fresh.began - latest.began < patience.toNanos()) {
                return latest.add(asker);
            }
            if (underWay.size() == MAX_PER_NAME) {
                return Optional.of("the name service has answered none of the last " + MAX_PER_NAME
                        + " questions for the name " + fresh.host);
            }
            underWay.add(fresh);
            return fresh.add(asker);
        }
    }

    private void begin(Question fresh) {
        try {
            threads.execute(fresh);
        } catch (Throwable e) { // the queue is full, or OutOfMemoryError: unable to create native thread
            fresh.answer(asker ->
                    asker.failed.accept(new IOException("the name " + fresh.host + " was not looked up: " + e, e)));
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }

    /** A caller that waits for an answer, with its loop. */
    private record Asker(EventLoop loop, Consumer<InetAddress[]> found, Consumer<IOException> failed) {
        void tell(Consumer<Asker> answer) {
            if (loop.inLoop()) {
                answer.accept(this);
            } else {
                loop.executeUnlessEnded(() -> answer.accept(this));
            }
        }
    }

    /** One look-up, and all callers that wait for it. */
    private final class Question implements Runnable {
        private final String host;
        private final long began;
        private final List<Asker> askers = new ArrayList<>(); // guarded by questions

        Question(String host, long began) {
            this.host = host;
            this.began = began;
        }

        Optional<String> add(Asker asker) {
            if (askers.size() == MAX_ASKERS) {
                return Optional.of("too many wait for the name " + host);
            }
            askers.add(asker);
            return Optional.empty();
        }

        boolean isAsked() {
            synchronized (questions) {
                return !askers.isEmpty();
            }
        }

        @Override
        public void run() {
            try {
                InetAddress[] addresses = lookup.addresses(host);
                if (addresses.length == 0) {
                    throw new UnknownHostException(host);
                }
                answer(asker -> asker.found.accept(addresses));
            } catch (Throwable e) { // callers wait for an answer, whatever the exception is
                IOException cause = failure(e);
                answer(asker -> asker.failed.accept(cause));
            }
        }

        private IOException failure(Throwable cause) {
            if (cause instanceof UnknownHostException) {
                return shortage().orElseGet(() -> new IOException("the name " + host + " does not resolve", cause));
            }
            return new IOException("the look-up of the name " + host + " failed: " + cause, cause);
        }

        void answer(Consumer<Asker> answer) {
            List<Asker> waiting;
            synchronized (questions) {
                Deque<Question> underWay = questions.get(host);
                if (underWay != null && underWay.remove(this) && underWay.isEmpty()) {
                    questions.remove(host);
                }
                waiting = List.copyOf(askers);
                askers.clear();
            }
            waiting.forEach(asker -> asker.tell(answer));
        }
    }

    /**
     * Returns the exception if the process has no free file descriptor. The name service does not report this reason, so this method tries
     * to open a socket.
     */
    private static Optional<IOException> shortage() {
        try (SocketChannel probe = SocketChannel.open()) {
            return probe.isOpen() ? Optional.empty() : Optional.of(new IOException("no socket can be opened"));
        } catch (IOException e) {
            return Optional.of(e).filter(Sockets::isOutOfDescriptors);
        }
    }
}
