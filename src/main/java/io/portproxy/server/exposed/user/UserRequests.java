package io.portproxy.server.exposed.user;

import io.portproxy.http.RequestObserver;
import io.portproxy.http.RequestView;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;

/**
 * The requests of one connection. Counts them and the times until their answers, and writes them to the access log. On
 * the connection's loop.
 */
final class UserRequests implements RequestObserver {
    /** The most requests that are tracked at a time. */
    private static final int MOST = 64;

    private final IncomingConnection user;
    private final Function<Optional<RequestView>, LoggedRequest> asLogged;
    private final RequestTotals totals;
    private final boolean logs;
    // the requests without a complete answer, if there is a log
    private final Deque<LoggedRequest> unanswered = new ArrayDeque<>(1);
    private OptionalInt status = OptionalInt.empty(); // of the answer to the first of them
    private long[] since = new long[1]; // a ring: the times at which the requests without an answer were complete
    private int first;
    private int count;

    /** @param asLogged returns the data of a request for the access log; without a request if it could not be read */
    UserRequests(
            IncomingConnection user, Function<Optional<RequestView>, LoggedRequest> asLogged, RequestTotals totals) {
        this.user = user;
        this.asLogged = asLogged;
        this.totals = totals;
        this.logs = user.web().log().isOn();
    }

    @Override
    public void requested(RequestView request) {
        if (logs && unanswered.size() < MOST) {
            unanswered.add(logged(Optional.of(request)));
        }
        if (count == MOST) {
            return;
        } else if (count == since.length) {
            grow();
        }
        since[(first + count) % since.length] = user.loop().turnNanos();
        count++;
    }

    private LoggedRequest logged(Optional<RequestView> request) {
        return asLogged.apply(request);
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
        LoggedRequest oldest = unanswered.poll();
        if (oldest != null) {
            oldest.write(user, status, bytes, true);
        }
        status = OptionalInt.empty();
    }

    /**
     * Counts an answer of the server itself. It is for the oldest request without an answer, or else for a request that
     * did not go to the target.
     *
     * @param bytes the number of bytes after the answer's head
     * @param request the request that did not go to the target; empty if it could not be read, or if the oldest request
     *     is meant
     */
    void answeredByUs(int with, int bytes, Optional<RequestView> request) {
        totals.answered(with);
        if (logs) {
            LoggedRequest oldest = status.isPresent() ? null : unanswered.poll();
            (oldest == null ? logged(request) : oldest).write(user, OptionalInt.of(with), bytes, true);
        }
    }

    /**
     * Writes the remaining requests to the log, because no more answers come.
     *
     * @param bytes the bytes of the answer in progress
     * @param complete whether this answer was to end with the connection, and did
     */
    void ended(long bytes, boolean complete) {
        while (!unanswered.isEmpty()) {
            unanswered.remove().write(user, status, status.isPresent() ? bytes : 0, complete && status.isPresent());
            status = OptionalInt.empty();
        }
    }
}
