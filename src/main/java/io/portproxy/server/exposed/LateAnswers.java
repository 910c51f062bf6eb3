package io.portproxy.server.exposed;

import io.portproxy.http.FirstHead;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Users of one route who have no target, and whose request is waited for to be answered: a bounded number. Any thread, where nothing else
 * is said.
 */
final class LateAnswers {
    /** Answers a user in place of the target. */
    @FunctionalInterface
    interface Answers {
        /** Ends the connection with it. On the loop that has that. */
        void answer(UserConnection user, FirstHead head, UserAnswer answer);
    }

    private final AtomicInteger waiting = new AtomicInteger();

    /**
     * Waits for a user's request. On the loop that has it.
     *
     * @param maxHead the most bytes of a head
     * @param ours the answer; what is malformed gets another one
     * @param answers gives it
     * @return whether it does; otherwise there are too many already, and the user is as it was
     */
    boolean read(UserConnection user, int maxHead, UserAnswer ours, Answers answers) {
        OwnAnswers all = user.web().answers();
        if (waiting.incrementAndGet() > all.mostOfOne()) {
            waiting.decrementAndGet();
            all.cut(OwnAnswers.Cut.LIMIT);
            return false;
        } else if (!all.begin()) {
            waiting.decrementAndGet();
            return false;
        }
        FirstRequest.read(user, maxHead, user.web().limits().refusalTimeout(), new FirstRequest.Outcome() {
            @Override
            public void complete(UserConnection known, FirstHead head) {
                over();
                answers.answer(known, head, ours);
            }

            @Override
            public void refused(UserConnection known, FirstHead head, UserAnswer answer) {
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
