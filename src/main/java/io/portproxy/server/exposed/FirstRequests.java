package io.portproxy.server.exposed;

import io.portproxy.http.FirstHead;
import io.portproxy.net.EventLoop;
import io.portproxy.net.PendingConnections;
import java.time.Duration;
import java.util.function.Consumer;

/** The reader of the first request of each user of a port that asks for a login. On the port's loop. */
final class FirstRequests {
    /** The receiver of users who have sent a complete request head. On the port's loop. */
    @FunctionalInterface
    interface Complete {
        void complete(UserConnection user, FirstHead head);
    }

    private final EventLoop loop;
    private final PendingConnections pending;
    private final Complete complete;
    private final UserAnswer.Sender answers;
    private final Consumer<String> turnedAway;

    /**
     * @param pending limits how many users may be without a complete head
     * @param answers sends the answers to heads that are malformed or too slow
     * @param turnedAway gets the key of the reason when a user takes too long
     */
    FirstRequests(
            EventLoop loop,
            PendingConnections pending,
            Complete complete,
            UserAnswer.Sender answers,
            Consumer<String> turnedAway) {
        this.answers = answers;
        this.loop = loop;
        this.pending = pending;
        this.complete = complete;
        this.turnedAway = turnedAway;
    }

    /**
     * Reads the head of a user's first request.
     *
     * @param maxHead the maximum size of a head, in bytes
     * @param timeout how long the head may take
     */
    void read(UserConnection user, int maxHead, Duration timeout) {
        pending.limit(user.web().limits().maxPending());
        FirstRequest.read(user, maxHead, timeout, pending, new FirstRequest.Outcome() {
            @Override
            public void complete(UserConnection known, FirstHead head) {
                complete.complete(known, head);
            }

            @Override
            public void refused(UserConnection known, FirstHead head, UserAnswer answer) {
                answers.answer(known, head, answer);
            }

            @Override
            public void late() {
                turnedAway.accept(FirstRequest.LATE);
            }
        });
    }

    /** Reads the head of a connection that may belong to another loop. On that loop. */
    void readElsewhere(UserConnection user, int maxHead, Duration timeout) {
        if (user.loop() == loop) {
            read(user, maxHead, timeout);
            return;
        }
        UserConnection moved = user.movedTo(loop);
        if (!loop.tryExecute(() -> read(moved, maxHead, timeout))) {
            moved.reset();
        }
    }
}
