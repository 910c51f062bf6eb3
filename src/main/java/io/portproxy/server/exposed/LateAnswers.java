package io.portproxy.server.exposed;

import io.portproxy.http.FirstHead;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;

/**
 * Users of one route who have no target, and whose request is waited for to be answered: a bounded number. Any thread, where nothing else
 * is said.
 */
final class LateAnswers {
    private final AtomicInteger waiting = new AtomicInteger();

    /**
     * Waits for a user's request. On the loop that has it.
     *
     * @param maxHead the most bytes of a head
     * @param answer gets the user with its request, on the loop; what is malformed is answered as that
     * @return whether it does; otherwise there are too many already, and the user is as it was
     */
    boolean read(UserConnection user, int maxHead, BiConsumer<UserConnection, FirstHead> answer) {
        OwnAnswers answers = user.web().answers();
        if (waiting.incrementAndGet() > answers.mostOfOne()) {
            waiting.decrementAndGet();
            answers.cut(OwnAnswers.Cut.LIMIT);
            return false;
        } else if (!answers.begin()) {
            waiting.decrementAndGet();
            return false;
        }
        FirstRequest.read(user, maxHead, user.web().limits().refusalTimeout(), new FirstRequest.Outcome() {
            @Override
            public void complete(UserConnection known, FirstHead head) {
                over();
                answer.accept(known, head);
            }

            @Override
            public void late() {
                answers.cut(OwnAnswers.Cut.NO_REQUEST);
            }

            @Override
            public void ended() {
                over();
            }

            private void over() {
                waiting.decrementAndGet();
                answers.end();
            }
        });
        return true;
    }
}
