package io.portproxy.client;

import io.portproxy.net.EventLoop;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Resolves names off the event loops, as the JDK's way of doing it blocks. Safe for any thread. */
final class Resolver implements AutoCloseable {
    private static final int MAX_THREADS = 4;
    private static final int MAX_WAITING = 1024;

    private final ThreadPoolExecutor threads = new ThreadPoolExecutor(
            MAX_THREADS, MAX_THREADS, 10, TimeUnit.SECONDS, new ArrayBlockingQueue<>(MAX_WAITING), task -> {
                Thread thread = new Thread(task, "resolver");
                thread.setDaemon(true); // a name service that hangs must not keep the process
                return thread;
            });

    private final Lookup lookup;

    /** A way to find the addresses of a name; may block. */
    interface Lookup {
        InetAddress[] addresses(String host) throws UnknownHostException;
    }

    /** The JDK's. */
    Resolver() {
        this(InetAddress::getAllByName);
    }

    Resolver(Lookup lookup) {
        this.lookup = lookup;
        threads.allowCoreThreadTimeOut(true);
    }

    /**
     * Resolves a name, or reads a numeric address.
     *
     * @param loop where the answer, at least one address, is given, unless it has ended
     */
    void resolve(String host, EventLoop loop, Consumer<InetAddress[]> found, Consumer<IOException> failed) {
        try {
            threads.execute(() -> {
                try {
                    InetAddress[] addresses = lookup.addresses(host);
                    loop.tryExecute(() -> found.accept(addresses));
                } catch (UnknownHostException e) {
                    loop.tryExecute(() -> failed.accept(new IOException("the name " + host + " does not resolve", e)));
                }
            });
        } catch (RejectedExecutionException e) {
            failed.accept(new IOException("too many names are being resolved", e));
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
