package io.portproxy.server.exposed;

import io.portproxy.http.RequestObserver;
import io.portproxy.http.RequestView;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;

/** The requests of one connection, to count them and the time that their answers take, and to write them down. On its loop. */
final class UserRequests implements RequestObserver {
    /** No more are followed. */
    private static final int MOST = 64;

    private final UserConnection user;
    private final Function<Optional<RequestView>, OwnEntry> entryOf;
    private final RequestTotals totals;
    private final boolean logs;
    private final Deque<OwnEntry> entries = new ArrayDeque<>(1); // without a complete answer, if there is a log
    private OptionalInt status = OptionalInt.empty(); // of the answer to the first of them
    private long[] since = new long[1]; // a ring: when those without an answer were complete
    private int first;
    private int count;

    /** @param entryOf what the access log has to know of a request; of none, if it could not be read */
    UserRequests(UserConnection user, Function<Optional<RequestView>, OwnEntry> entryOf, RequestTotals totals) {
        this.user = user;
        this.entryOf = entryOf;
        this.totals = totals;
        this.logs = user.web().log().isOn();
    }

    @Override
    public void requested(RequestView request) {
        if (logs && entries.size() < MOST) {
            entries.add(entry(Optional.of(request)));
        }
        if (count == MOST) {
            return;
        } else if (count == since.length) {
            grow();
        }
        since[(first + count) % since.length] = user.loop().turnNanos();
        count++;
    }

    private OwnEntry entry(Optional<RequestView> request) {
        return entryOf.apply(request);
    }

    private void grow() {
        long[] longer = Arrays.copyOf(since, 2 * count);
        for (int i = 0; i < count; i++) {
            longer[i] = since[(first + i) % count];
        }
        since = longer;
        first = 0;
    }

    @Override
    public void answered(int with) {
        totals.answered(with);
        status = OptionalInt.of(with);
        if (count > 0) {
            totals.firstByteAfter(user.loop().turnNanos() - since[first]);
            first = (first + 1) % since.length;
            count--;
        }
    }

    @Override
    public void completed(long bytes) {
        OwnEntry entry = entries.poll();
        if (entry != null) {
            entry.write(user, status, bytes, true);
        }
        status = OptionalInt.empty();
    }

    /**
     * One was answered by us: the oldest that has no answer, or else one that did not go to the target.
     *
     * @param bytes how many are behind the answer's head
     * @param request the latter; empty if it could not be read, or is the former
     */
    void answeredByUs(int with, int bytes, Optional<RequestView> request) {
        totals.answered(with);
        if (logs) {
            OwnEntry entry = status.isPresent() ? null : entries.poll();
            (entry == null ? entry(request) : entry).write(user, OptionalInt.of(with), bytes, true);
        }
    }

    /**
     * No more answers come.
     *
     * @param bytes of the answer that is under way
     * @param complete whether that was to end with the connection, and has
     */
    void ended(long bytes, boolean complete) {
        while (!entries.isEmpty()) {
            entries.remove().write(user, status, status.isPresent() ? bytes : 0, complete && status.isPresent());
            status = OptionalInt.empty();
        }
    }
}
