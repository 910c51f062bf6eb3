package io.portproxy.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Several users who do the same work at the same time, each on its own thread. */
final class Users {
    private Users() {}

    /**
     * Returns all durations that they measured.
     *
     * @throws BenchException a user failed
     */
    static Latencies run(int users, Callable<Latencies> work) throws BenchException {
        ExecutorService threads = Executors.newFixedThreadPool(users);
        try {
            List<Future<Latencies>> results = new ArrayList<>();
            for (int i = 0; i < users; i++) {
                results.add(threads.submit(work));
            }
            Latencies all = new Latencies();
            for (Future<Latencies> result : results) {
                all.addAll(result.get());
            }
            return all;
        } catch (ExecutionException e) {
            throw new BenchException("a user's connection failed: " + e.getCause(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BenchException("interrupted");
        } finally {
            threads.shutdownNow();
        }
    }
}
