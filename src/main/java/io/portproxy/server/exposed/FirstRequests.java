package io.portproxy.server.exposed;

import io.portproxy.http.FirstHead;
import io.portproxy.net.EventLoop;
import io.portproxy.net.PendingConnections;
import io.portproxy.net.ReadyHandler;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;

/** Users who have not said yet what they want, a bounded number of them: beyond it the network with most of them loses its oldest. On the loop. */
final class FirstRequests {
    /** Gets a user who has, on the loop. */
    @FunctionalInterface
    interface Complete {
        void complete(UserConnection user, FirstHead head);
    }

    private final EventLoop loop;
    private final PendingConnections pending;
    private final Complete complete;
    private final LateAnswers.Answers answers;
    private final Consumer<String> turnedAway;

    /**
     * @param answers gives the answer to what is malformed or too slow
     * @param turnedAway is told why a user is lost, by a short key
     */
    FirstRequests(EventLoop loop, Complete complete, LateAnswers.Answers answers, Consumer<String> turnedAway) {
        this.answers = answers;
        this.loop = loop;
        this.pending = new PendingConnections(WebLimits.DEFAULT.maxPending(), any -> turnedAway.accept("crowded_out"));
        this.complete = complete;
        this.turnedAway = turnedAway;
    }

    /**
     * Finds out what a user wants.
     *
     * @param maxHead the most bytes of a head
     * @param timeout how long it may take
     */
    void read(UserConnection user, int maxHead, Duration timeout) {
        pending.limit(user.web().limits().maxPending());
        pending.makeRoomFor(user.user().getAddress());
        Waiting waiting = new Waiting(user);
        pending.add(waiting, user.user().getAddress());
        waiting.request = Optional.of(FirstRequest.read(user, maxHead, timeout, waiting));
    }

    /** The same, of a connection that another loop may have. On that loop. */
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

    private final class Waiting implements ReadyHandler, FirstRequest.Outcome {
        private final UserConnection user;
        private Optional<FirstRequest> request = Optional.empty();

        Waiting(UserConnection user) {
            this.user = user;
        }

        @Override
        public void complete(UserConnection known, FirstHead head) {
            pending.remove(this);
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

        @Override
        public void ended() {
            pending.remove(this);
        }

        @Override
        public void ready(int readyOps) {
            // The request hears of it itself.
        }

        @Override
        public void abort() {
            request.ifPresentOrElse(FirstRequest::abort, user::reset);
        }
    }
}
