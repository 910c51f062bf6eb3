package io.portproxy.demo;

import java.io.Closeable;
import java.io.IOException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Creates the threads of the demonstration. */
final class DemoThreads {
    private static final Logger log = LoggerFactory.getLogger(DemoThreads.class);
    private static final long KEEP_SECONDS = 10;

    private DemoThreads() {}

    /** Returns an executor with up to {@code max} daemon threads. It rejects a task if all threads are busy. */
    static ExecutorService bounded(String prefix, int max) {
        AtomicInteger number = new AtomicInteger();
        return new ThreadPoolExecutor(0, max, KEEP_SECONDS, TimeUnit.SECONDS, new SynchronousQueue<>(), task -> {
            Thread thread = new Thread(task, prefix + number.getAndIncrement());
            thread.setDaemon(true);
            return thread;
        });
    }

    static void closeQuietly(Closeable closeable) {
        try {
            closeable.close();
        } catch (IOException e) {
            log.debug("closing failed", e);
        }
    }
}
