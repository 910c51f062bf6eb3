package io.portproxy.manage;

import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Does the periodic work on remotes, on threads of its own: expires tokens, saves when they were last used, retries entries that are kept
 * back, and takes over changes that the store kept although their callers were told that they failed.
 */
public final class Upkeep implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Upkeep.class);

    private static final int EXPIRE_SECONDS = 1;
    private static final int KEEP_SECONDS = 60;
    private static final int RETRY_SECONDS = 1;
    private static final int CATCH_UP_SECONDS = 1;

    /** Two, because one of them may wait for a name to be resolved. */
    private static final int THREADS = 2;

    private final ScheduledThreadPoolExecutor thread;

    private Upkeep(DesiredState state, AccountManager accounts) {
        thread = new ScheduledThreadPoolExecutor(THREADS, task -> {
            Thread daemon = new Thread(task, "remotes");
            daemon.setDaemon(true);
            return daemon;
        });
        every(EXPIRE_SECONDS, state::expireTokens);
        every(KEEP_SECONDS, state.tokenUse()::keep);
        every(RETRY_SECONDS, state::retryKeptBack);
        every(CATCH_UP_SECONDS, state::catchUp);
        every(CATCH_UP_SECONDS, () -> catchUp(accounts));
    }

    private static void catchUp(AccountManager accounts) {
        try {
            accounts.catchUp();
        } catch (StoreException e) {
            log.debug("a change that the store answered too late cannot be read yet", e);
        }
    }

    /** Starts the periodic work. It runs until it is closed. */
    public static Upkeep of(DesiredState state, AccountManager accounts) {
        return new Upkeep(state, accounts);
    }

    private void every(int seconds, Runnable task) {
        ScheduledFuture<?> unused = thread.scheduleWithFixedDelay(() -> run(task), seconds, seconds, TimeUnit.SECONDS);
    }

    /** Runs a task and logs its exceptions. An exception that leaves the task would end its repetition. */
    private static void run(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException e) {
            log.error("a bug: the upkeep of remotes failed", e);
        }
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
