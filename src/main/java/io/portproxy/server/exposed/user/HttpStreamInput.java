package io.portproxy.server.exposed.user;

import io.portproxy.http.AnswerStyle;
import io.portproxy.http.HttpRequestRewriter;
import io.portproxy.http.OwnAnswer;
import io.portproxy.http.RefusedException;
import io.portproxy.http.RequestView;
import io.portproxy.net.EventLoop;
import io.portproxy.net.Sockets;
import io.portproxy.net.Timers;
import io.portproxy.protocol.Reason;
import io.portproxy.protocol.Wire;
import io.portproxy.tunnel.stream.StreamInput;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The input of a stream at a port of {@code type: http}. It passes the user's bytes through an
 * {@link HttpRequestRewriter}, and also the target's bytes on their way back. The socket is read in every state, so
 * that a user who leaves is noticed at once. While a request waits for responses, up to {@value #MOST_AHEAD} bytes that
 * follow it are kept. Bytes that follow a refused request are thrown away.
 */
final class HttpStreamInput implements StreamInput, HttpDeadlines.Late {
    /**
     * The most bytes that may follow a request that waits for answers: an {@code Upgrade}, or a request that goes
     * elsewhere.
     */
    private static final int MOST_AHEAD = 64 * 1024;

    private static final UserAnswer NO_ANSWER =
            new UserAnswer(502, "This application ended the connection without an answer.");

    /** A stream that ends within this time after its start, before any request, most likely has no target. */
    private static final Duration SOON = Duration.ofSeconds(2);

    /** What becomes of the user's next bytes. It leads from each state to a later one. */
    private enum Next {
        /** They go to the target. */
        PASSES,
        /** They begin a request that goes to another route, and so does the connection. */
        LEAVES,
        /** A request is refused. The answer waits for responses that the target owes to earlier requests. */
        REFUSED,
        /** The same, but the time of those responses is over. */
        REFUSED_LATE;

        private boolean isRefused() {
            return this == REFUSED || this == REFUSED_LATE;
        }
    }

    private final IncomingConnection user;
    private final EventLoop loop;
    private final HttpRequestRewriter rewriter;
    private final LateAnswers lateAnswers;
    private final Consumer<String> targetFault;
    private final HttpDeadlines deadlines;
    private final long began;
    private final UserRequests requests;
    private ByteBuffer held; // read from the socket, but not yet taken by the rewriter
    private Next next = Next.PASSES;
    private boolean ended; // the socket has reached its end
    private boolean spoke; // the target has sent something
    private boolean answered; // the server has answered, because the target ended without an answer
    private @Nullable Runnable resume;
    private Timers.@Nullable Timer timer;

    /**
     * @param user the connection, which is on the loop of its tunnel; its bytes that were read already come first
     * @param requests counts the requests
     * @param headTimeout how long a request's head may take once it has begun
     * @param responseTimeout how long a target may take until its answer begins; empty for any time
     * @param lateAnswers the users of the route who wait for an answer of the server
     * @param targetFault gets the reason when a target's answer does not pass
     */
    HttpStreamInput(
            IncomingConnection user,
            HttpRequestRewriter rewriter,
            UserRequests requests,
            Duration headTimeout,
            Optional<Duration> responseTimeout,
            LateAnswers lateAnswers,
            Consumer<String> targetFault) {
        this.user = user;
        this.loop = user.loop();
        this.held = user.readAlready();
        this.rewriter = rewriter;
        this.lateAnswers = lateAnswers;
        this.targetFault = targetFault;
        this.requests = requests;
        this.began = loop.turnNanos();
        this.deadlines = new HttpDeadlines(loop, rewriter, headTimeout, responseTimeout, this);
    }

    @Override
    public void resumeWith(Runnable action) {
        resume = action;
    }

    @Override
    public int read(ReadableByteChannel socket, ByteBuffer out) throws IOException {
        if (next.isRefused()) {
            return isRefused() ? REFUSED : throwAway(socket);
        } else if (next == Next.LEAVES) {
            return LEAVES;
        }
        if (rewriter.awaitsResponse()) {
            readAhead(socket);
        }
        if (next.isRefused()) {
            return isRefused() ? REFUSED : 0;
        } else if (rewriter.awaitsResponse()) {
            return ended ? END : 0;
        } else if (held.hasRemaining() || rewriter.hasOutput()) {
            return rewrite(held, out);
        } else if (ended) {
            return END;
        }
        return rewriter.transparent() ? socket.read(out) : readNew(socket, out);
    }

    private int readNew(ReadableByteChannel socket, ByteBuffer out) throws IOException {
        ByteBuffer in = loop.readBuffer();
        in.limit(Math.min(Wire.MAX_SHORT_DATA_SENT, out.remaining()));
        if (socket.read(in) < 0) {
            return END;
        }
        int result = rewrite(in.flip(), out);
        if (in.hasRemaining() && !next.isRefused()) {
            hold(in);
        }
        return result;
    }

    /** Reads and keeps what comes while responses are due. */
    private void readAhead(ReadableByteChannel socket) throws IOException {
        ByteBuffer in = loop.readBuffer();
        in.limit(Wire.MAX_SHORT_DATA_SENT);
        int length = ended ? 0 : socket.read(in);
        if (length < 0) {
            ended = true;
            rewriter.userEnded();
            if (rewriter.upgradeSent() && held.hasRemaining()) {
                // Nobody knows whether these bytes are of another protocol or are requests. The answer would say it,
                // but may never come.
                throw new IOException("the user disconnected while an Upgrade and later bytes had no answer yet");
            }
        } else if (held.remaining() + length > MOST_AHEAD) {
            rewriter.refuseMore(new RefusedException(
                    400, "More than " + MOST_AHEAD + " bytes behind a request that waits for earlier answers"));
            refuse();
        } else if (length > 0) {
            hold(in.flip());
        }
    }

    /** Appends bytes to those that are held. */
    private void hold(ByteBuffer in) {
        int length = held.remaining() + in.remaining();
        if (held.capacity() - held.limit() < in.remaining()) {
            int size = held.hasRemaining() ? Math.max(length, 2 * held.capacity()) : length;
            held = ByteBuffer.allocate(size).put(held).flip();
        }
        int from = held.position();
        held.position(held.limit()).limit(held.limit() + in.remaining());
        held.put(in).position(from);
    }

    /** Throws away what follows a refused request; only the end of the input matters. */
    private int throwAway(ReadableByteChannel socket) throws IOException {
        return socket.read(loop.readBuffer()) < 0 ? END : 0;
    }

    private int rewrite(ByteBuffer in, ByteBuffer out) {
        int start = out.position();
        HttpRequestRewriter.Result result = rewriter.rewrite(in, out);
        deadlines.userSpoke();
        if (result == HttpRequestRewriter.Result.REFUSED) {
            refuse();
        } else if (result == HttpRequestRewriter.Result.LEAVES) {
            next = Next.LEAVES;
        } else if (result == HttpRequestRewriter.Result.TRANSPARENT) {
            int length = Math.min(in.remaining(), out.remaining());
            out.put(out.position(), in, in.position(), length).position(out.position() + length);
            in.position(in.position() + length);
        }
        if (next.isRefused() || !in.hasRemaining()) {
            held = NOTHING;
        }
        int length = out.position() - start;
        return length == 0 && isRefused() ? REFUSED : length;
    }

    private void refuse() {
        next = Next.REFUSED;
        if (!rewriter.refusalDue()) {
            timer = loop.timers().after(user.web().limits().refusalTimeout().toNanos(), () -> {
                next = Next.REFUSED_LATE;
                user.web().answers().cut(OwnAnswers.Cut.EARLIER_ANSWERS);
                if (resume != null) {
                    resume.run();
                }
            });
        }
    }

    /**
     * Refuses the head that is late. Bytes that have come but were not read, because the target took no more, are in
     * time.
     */
    @Override
    public boolean headIsLate() {
        if (next != Next.PASSES) {
            return true;
        } else if (user.transport().hasBuffered()
                || Sockets.hasUnread(user.transport().socket())) {
            return false;
        }
        rewriter.refuseMore(new RefusedException(408, "The request did not come in time."));
        refuseNow();
        return true;
    }

    @Override
    public void answerIsLate() {
        if (!next.isRefused()) {
            rewriter.refuseLateAnswer();
            targetFault.accept(rewriter.refusalReason());
            refuseNow();
        }
    }

    private void refuseNow() {
        held = NOTHING;
        refuse();
        if (resume != null) {
            resume.run();
        }
    }

    @Override
    public boolean hasHeld() {
        if (next.isRefused()) {
            return isRefused();
        } else if (next == Next.LEAVES) {
            return true;
        }
        return !rewriter.awaitsResponse() && (held.hasRemaining() || rewriter.hasOutput() || ended);
    }

    @Override
    public boolean isRefused() {
        return next == Next.REFUSED_LATE || (next == Next.REFUSED && rewriter.refusalDue());
    }

    @Override
    public ByteBuffer delivering(ByteBuffer data) {
        if (rewriter.transparent()) {
            return data;
        }
        spoke |= data.hasRemaining();
        ByteBuffer passes = rewriter.response(data);
        deadlines.targetSpoke();
        if (!next.isRefused() && rewriter.targetIsWrong()) {
            refuse();
            targetFault.accept(rewriter.refusalReason());
        }
        return passes;
    }

    @Override
    public ByteBuffer deliveryEnds() {
        // A browser repeats a request when a reused connection ends without an answer. It does not on a new connection.
        boolean ours = rewriter.owesAnswer() && rewriter.isFirst() && !next.isRefused() && !answered;
        if (!ours) {
            requests.ended(rewriter.answerBytes(), rewriter.mayEndNow());
            return rewriter.responsesEnded();
        }
        answered = true;
        byte[] answer = NO_ANSWER
                .with(rewriter.ownFields())
                .bytes(rewriter.style(), user.web().pages());
        requests.answeredByUs(NO_ANSWER.status(), OwnAnswer.bodyLength(answer), Optional.empty());
        requests.ended(rewriter.answerBytes(), true);
        return ByteBuffer.wrap(answer);
    }

    @Override
    public boolean isComplete() {
        return rewriter.betweenRequests() && !held.hasRemaining();
    }

    private ByteBuffer unread() {
        byte[] head = rewriter.unread();
        return ByteBuffer.allocate(head.length + held.remaining())
                .put(head)
                .put(held)
                .flip();
    }

    @Override
    public void left() {
        user.rerouting().elsewhere().accept(loop, unread());
    }

    @Override
    public boolean takesOver(Reason reason) {
        Optional<UserAnswer> answer = next != Next.PASSES
                ? Optional.empty()
                : UserAnswer.of(reason).map(ours -> ours.with(rewriter.ownFields()));
        if (answer.isEmpty()) {
            return false;
        } else if (rewriter.owesAnswer()) {
            answer(user, answer.get(), rewriter.style(), Optional.empty());
            return true;
        }
        boolean waits = rewriter.isFresh() && !ended;
        if (waits
                && !lateAnswers.read(
                        user.after(unread()),
                        rewriter.maxRequestHead(),
                        answer.get(),
                        (known, head, given) -> answer(known, given, head.style(), head.seen()))) {
            user.reset(); // after a clean end, the user would believe that nothing is missing
        }
        return waits;
    }

    private void answer(IncomingConnection known, UserAnswer answer, AnswerStyle style, Optional<RequestView> request) {
        answer.send(known, style).ifPresent(body -> requests.answeredByUs(answer.status(), body, request));
    }

    /**
     * Takes over if the stream most likely had no target. An application that ends a connection after a long idle time
     * has done nothing wrong, and neither has the user: that connection only ends.
     */
    @Override
    public boolean takesOverEnd() {
        boolean soon = loop.turnNanos() - began < SOON.toNanos();
        return !spoke
                && !rewriter.owesAnswer()
                && (rewriter.unfinishedHead() != null || soon)
                && takesOver(Reason.TARGET_RESET);
    }

    @Override
    public Optional<ByteBuffer> refusal() {
        if (!rewriter.refusalDue()) {
            return Optional.empty();
        }
        byte[] answer = rewriter.refusal(user.web().pages());
        if (answer.length > 0) {
            requests.answeredByUs(rewriter.refusalStatus(), OwnAnswer.bodyLength(answer), rewriter.refusedHead());
        }
        return Optional.of(ByteBuffer.wrap(answer));
    }

    @Override
    public String refusalReason() {
        return rewriter.refusalReason();
    }

    @Override
    public void closed() {
        deadlines.stop();
        requests.ended(rewriter.answerBytes(), rewriter.transparent());
        if (timer != null) {
            timer.cancel();
        }
    }
}
