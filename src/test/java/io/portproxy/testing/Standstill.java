package io.portproxy.testing;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.awaitility.Awaitility;

/** Waits until a count stops changing. */
public final class Standstill {
    private Standstill() {}

    /** Waits until a count is not 0 and has not changed for a while. */
    public static void await(LongSupplier count) {
        AtomicLong last = new AtomicLong();
        Awaitility.await()
                .atMost(Duration.ofSeconds(20))
                .pollInterval(Duration.ofMillis(300))
                .until(() -> {
                    long now = count.getAsLong();
                    return last.getAndSet(now) == now && now > 0;
                });
    }
}
