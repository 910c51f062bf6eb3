package io.portproxy.server.exposed.user;

import io.portproxy.http.FirstHead;
import io.portproxy.http.HttpRewriteSettings;
import io.portproxy.net.EventLoop;
import io.portproxy.net.PendingConnections;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;

/** The reader of the first request of each user of a port that asks for a login. On the port's loop. */
public final class FirstRequests {
    /** The receiver of users who have sent a complete request head. On the port's loop. */
    @FunctionalInterface
    public interface Complete {
        /** Takes a user whose request head is complete. */
        void complete(IncomingConnection user, FirstHead head);
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
    public FirstRequests(
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
     * @param settings what the head may be like, and how long it may take; empty for the defaults
     */
    public void read(IncomingConnection user, Optional<HttpRewriteSettings> settings) {
        int maxHead = settings.map(HttpRewriteSettings::maxRequestHead).orElse(HttpRewriteSettings.MIN_REQUEST_HEAD);
        Duration timeout = settings.flatMap(HttpRewriteSettings::requestTimeout)
                .orElse(user.web().limits().requestTimeout());
        pending.limit(user.web().limits().maxPending());
        FirstRequest.read(user, maxHead, timeout, pending, new FirstRequest.Owner() {
            @Override
            public void complete(IncomingConnection known, FirstHead head) {
                complete.complete(known, head);
            }

            @Override
            public void refused(IncomingConnection known, FirstHead head, UserAnswer answer) {
                answers.answer(known, head, answer);
            }

            @Override
            public void late() {
                turnedAway.accept(FirstRequest.LATE);
            }
        });
    }

    /** Reads the head of a connection that may belong to another loop. On that loop. */
    public void readElsewhere(IncomingConnection user, Optional<HttpRewriteSettings> settings) {
        user.continueOn(loop, moved -> read(moved, settings), IncomingConnection::reset);
    }
}
