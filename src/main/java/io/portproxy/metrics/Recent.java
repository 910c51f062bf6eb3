package io.portproxy.metrics;

import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What was looked at a moment ago: the many meters of one scrape share a look. Any thread. */
final class Recent<T> {
    private static final long MAX_AGE = TimeUnit.MILLISECONDS.toNanos(200);

    private final Supplier<T> source;
    private volatile @Nullable Look<T> last;

    private record Look<T>(T value, long at) {}

    Recent(Supplier<T> source) {
        this.source = source;
    }

    T get() {
        long now = System.nanoTime();
        Look<T> look = last;
        if (look == null || now - look.at > MAX_AGE) {
            look = new Look<>(source.get(), now);
            last = look;
        }
        return look.value;
    }
}
