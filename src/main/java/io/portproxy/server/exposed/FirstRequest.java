package io.portproxy.server.exposed;

import io.portproxy.http.FirstHead;
import io.portproxy.http.RefusedException;
import io.portproxy.net.ReadyHandler;
import io.portproxy.net.Timers;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the head of a user's first request, to see what it is for. What is malformed, or does not come in time, is answered. On the
 * loop that has the connection.
 */
final class FirstRequest implements ReadyHandler {
    private static final Logger log = LoggerFactory.getLogger(FirstRequest.class);

    /** Why a user is refused who takes too long, as metrics and the API say it. */
    static final String LATE = "late";

    /** More than a TLS record, and not much of a body. */
    private static final int MOST_READ = 17 * 1024;

    /** What becomes of it; told once. */
    interface Outcome {
        /** The head is complete. Who is told has the connection now. */
        void complete(UserConnection user, FirstHead head);

        /**
         * Who takes a connection that begins with a greeting of the tunnel protocol, whose first byte is 0, as that of no request
         * is. Empty: it is refused as any other malformed request.
         */
        default Optional<Consumer<UserConnection>> tunnels() {
            return Optional.empty();
        }

        /** It is malformed or too slow, and is to be answered with that; {@link #ended} follows. */
        default void refused(UserConnection user, FirstHead head, UserAnswer answer) {
            answer.send(user, head.style(), OwnEntry.of(user, head));
        }

        /** It has not come in time; {@link #ended} follows. */
        default void late() {}

        /** There will be none, and the connection is ended. */
        void ended();
    }

    private final UserConnection user;
    private final FirstHead head;
    private final Outcome outcome;
    private final Timers.Timer deadline;
    private boolean begun;
    private boolean over;

    private FirstRequest(UserConnection user, int maxHead, Duration timeout, Outcome outcome) {
        this.user = user;
        this.head = new FirstHead(user.origin(), maxHead);
        this.outcome = outcome;
        this.deadline = user.loop().timers().after(timeout.toNanos(), this::tooSlow);
    }

    /**
     * Begins.
     *
     * @param maxHead the most bytes of a head
     * @param timeout how long it may take
     */
    static FirstRequest read(UserConnection user, int maxHead, Duration timeout, Outcome outcome) {
        FirstRequest request = new FirstRequest(user, maxHead, timeout, outcome);
        request.begin();
        return request;
    }

    private void begin() {
        try {
            user.loop().register(user.transport().socket(), SelectionKey.OP_READ, this);
            ByteBuffer read = user.readAlready();
            if (!take(read) && !over) {
                ready(SelectionKey.OP_READ);
            }
        } catch (IOException e) {
            broke(e);
        }
    }

    @Override
    public void ready(int readyOps) {
        try {
            do {
                ByteBuffer in = user.loop().readBuffer().limit(MOST_READ);
                int length = user.transport().read(in);
                if (length < 0) {
                    drop();
                    return;
                }
                in.flip();
                if (user.watch().isPresent()) {
                    user.watch().get().look(in);
                }
                if (length == 0 || take(in)) {
                    return;
                }
            } while (user.transport().hasBuffered() && !over);
        } catch (IOException e) {
            broke(e);
        }
    }

    /** Returns whether the head is complete, and so all is over here. */
    private boolean take(ByteBuffer in) {
        if (!begun
                && in.hasRemaining()
                && in.get(in.position()) == 0
                && outcome.tunnels().isPresent()) {
            end();
            ByteBuffer greeting = ByteBuffer.allocate(in.remaining()).put(in).flip();
            handOver(() -> outcome.tunnels().get().accept(user.after(greeting).unwatched()));
            return true;
        }
        begun |= in.hasRemaining();
        try {
            if (!head.read(in)) {
                return false;
            }
        } catch (RefusedException e) {
            answer(UserAnswer.of(e));
            return true;
        }
        end();
        byte[] read = head.bytes();
        ByteBuffer all = ByteBuffer.allocate(read.length + in.remaining());
        UserConnection known = user.after(all.put(read).put(in).flip()).unwatched();
        handOver(() -> outcome.complete(known, head));
        return true;
    }

    /** If that fails in a way that is not foreseen, nobody may have the connection. To reset one that somebody has is harmless. */
    private void handOver(Runnable taking) {
        try {
            taking.run();
        } catch (Throwable e) {
            user.reset();
            throw e;
        }
    }

    private void tooSlow() {
        outcome.late();
        if (begun) {
            answer(new UserAnswer(408, "The request did not come in time."));
        } else {
            drop();
        }
    }

    private void answer(UserAnswer answer) {
        end();
        try {
            handOver(() -> outcome.refused(user, head, answer));
        } finally {
            outcome.ended();
        }
    }

    private void broke(IOException cause) {
        log.debug("user {} was gone before its request", user.userText(), cause);
        drop();
    }

    private void drop() {
        end();
        user.reset();
        outcome.ended();
    }

    private void end() {
        over = true;
        deadline.cancel();
    }

    /** Gives it up. */
    @Override
    public void abort() {
        if (!over) {
            drop();
        }
    }

    @Override
    public String toString() {
        return "first request of " + user.userText();
    }
}
