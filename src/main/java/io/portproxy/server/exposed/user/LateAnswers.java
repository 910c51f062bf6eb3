package io.portproxy.server.exposed.user;

import io.portproxy.http.FirstHead;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The users of one route who have no target, and whose request the server still waits for, in order to answer it. Their
 * number is limited. Any thread, unless a method says otherwise.
 */
final class LateAnswers {
    private final AtomicInteger waiting = new AtomicInteger();

    /**
     * Waits for a user's request. On the loop that has the connection.
     *
     * @param maxHead the most bytes of a head
     * @param ours the answer; a malformed request gets another one
     * @param answers sends it
     * @return whether the server waits; otherwise there are too many users, and this user's connection is unchanged
     */
    boolean read(IncomingConnection user, int maxHead, UserAnswer ours, UserAnswer.Sender answers) {
        OwnAnswers all = user.web().answers();
        if (waiting.incrementAndGet() > all.mostOfOne()) {
            waiting.decrementAndGet();
            all.cut(OwnAnswers.Cut.LIMIT);
            return false;
        } else if (!all.begin()) {
            waiting.decrementAndGet();
            return false;
        }
        FirstRequest.read(user, maxHead, user.web().limits().refusalTimeout(), new FirstRequest.Owner() {
            @Override
            public void complete(IncomingConnection known, FirstHead head) {
                over();
                answers.answer(known, head, ours);
            }

            @Override
            public void refused(IncomingConnection known, FirstHead head, UserAnswer answer) {
                answers.answer(known, head, answer);
            }

            @Override
            public void late() {
                all.cut(OwnAnswers.Cut.NO_REQUEST);
            }

            @Override
            public void ended() {
                over();
            }

            private void over() {
                waiting.decrementAndGet();
                all.end();
            }
        });
        return true;
    }
}
