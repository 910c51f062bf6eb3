package io.portproxy.server.exposed.user;

import io.portproxy.http.FirstHead;
import io.portproxy.http.RefusedException;
import io.portproxy.net.PendingConnections;
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
 * The reader of the head of a user's first request, which determines the destination. A head that is malformed, or not
 * complete in time, gets an answer. On the loop that has the connection.
 */
public final class FirstRequest implements ReadyHandler {
    private static final Logger log = LoggerFactory.getLogger(FirstRequest.class);

    /** The reason in metrics and in the API when a user takes too long. */
    public static final String LATE = "late";

    /** More than a TLS record, but not much of a request's body. */
    private static final int MOST_READ = 17 * 1024;

    /** The owner of a first request. It gets the request, or learns that there is none. */
    public interface Owner {
        /** The head is complete. The receiver owns the connection from now on. */
        void complete(IncomingConnection user, FirstHead head);

        /**
         * Returns who takes a connection that begins with a greeting of the tunnel protocol. Its first byte is 0, which
         * begins no request. Empty: such a connection is refused like a malformed request.
         */
        default Optional<Consumer<IncomingConnection>> tunnels() {
            return Optional.empty();
        }

        /** Answers a request that is malformed or too slow; {@link #ended} follows. */
        default void refused(IncomingConnection user, FirstHead head, UserAnswer answer) {
            answer.send(user, head);
        }

        /** The head has not come in time; {@link #ended} follows. */
        default void late() {}

        /** There is no request, and the connection is closed or is being closed. */
        default void ended() {}
    }

    private final IncomingConnection user;
    private final FirstHead head;
    private final Optional<PendingConnections> pending;
    private final Owner owner;
    private final Timers.Timer deadline;
    private boolean begun;
    private boolean over;

    private FirstRequest(
            IncomingConnection user, int maxHead, Duration timeout, Optional<PendingConnections> pending, Owner owner) {
        this.user = user;
        this.pending = pending;
        this.head = new FirstHead(user.origin(), maxHead);
        this.owner = owner;
        this.deadline = user.loop().timers().after(timeout.toNanos(), this::tooSlow);
    }

    /**
     * Starts to read.
     *
     * @param maxHead the most bytes of a head
     * @param timeout how long the head may take
     */
    static void read(IncomingConnection user, int maxHead, Duration timeout, Owner owner) {
        new FirstRequest(user, maxHead, timeout, Optional.empty(), owner).begin();
    }

    /**
     * Starts to read a request that counts as pending until its head is complete or refused, or the connection ends.
     *
     * @param maxHead the most bytes of a head
     * @param timeout how long the head may take
     * @param pending the pending connections; the oldest of them may be closed for this one
     */
    public static void read(
            IncomingConnection user, int maxHead, Duration timeout, PendingConnections pending, Owner owner) {
        pending.makeRoomFor(user.address().getAddress());
        FirstRequest request = new FirstRequest(user, maxHead, timeout, Optional.of(pending), owner);
        pending.add(request, user.address());
        request.begin();
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
                user.checkStart(in);
                if (length == 0 || take(in)) {
                    return;
                }
            } while (user.transport().hasBuffered() && !over);
        } catch (IOException e) {
            broke(e);
        }
    }

    /**
     * Takes bytes. Returns whether this object needs no more: the head is complete or refused, or the connection has
     * another owner.
     */
    private boolean take(ByteBuffer in) {
        if (!begun
                && in.hasRemaining()
                && in.get(in.position()) == 0
                && owner.tunnels().isPresent()) {
            end();
            ByteBuffer greeting = ByteBuffer.allocate(in.remaining()).put(in).flip();
            handOver(() -> owner.tunnels().get().accept(user.after(greeting).unwatched()));
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
        IncomingConnection known = user.after(all.put(read).put(in).flip()).unwatched();
        handOver(() -> owner.complete(known, head));
        return true;
    }

    /**
     * Hands the connection to its next owner. If that fails unexpectedly, the connection may have no owner, so it is
     * reset. To reset a connection that has an owner does no harm.
     */
    private void handOver(Runnable taking) {
        try {
            taking.run();
        } catch (Throwable e) {
            user.reset();
            throw e;
        }
    }

    private void tooSlow() {
        owner.late();
        if (begun) {
            answer(new UserAnswer(408, "The request did not come in time."));
        } else {
            drop();
        }
    }

    private void answer(UserAnswer answer) {
        end();
        try {
            handOver(() -> owner.refused(user, head, answer));
        } finally {
            owner.ended();
        }
    }

    private void broke(IOException cause) {
        log.debug("user {} was gone before its request", user.addressText(), cause);
        drop();
    }

    private void drop() {
        end();
        user.reset();
        owner.ended();
    }

    private void end() {
        over = true;
        deadline.cancel();
        pending.ifPresent(all -> all.remove(this));
    }

    /** Gives up, and resets the connection. */
    @Override
    public void abort() {
        if (!over) {
            drop();
        }
    }

    @Override
    public String toString() {
        return "first request of " + user.addressText();
    }
}
