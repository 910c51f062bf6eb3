package io.portproxy.http;

import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The HTTP of one user connection to a port of {@code type: http}. It takes the user's bytes, finds every request head
 * in them, and returns the bytes for the target.
 *
 * <p>Not thread-safe: one event loop uses it. It does no I/O and reads no clock.
 *
 * <h2>Requests</h2>
 *
 * The rewriter keeps a head until it is complete and checked. It relays nothing of a bad head. {@code Host}, and the
 * authority of an absolute request target, stay as they are or become what {@link HostHeader} says. An {@code Origin}
 * and a {@code Referer} that named the same host change with them. The rewriter drops the user's {@code Forwarded} and
 * {@code X-Forwarded-*}, in any spelling that a target could take for them, unless the user is a trusted proxy. It adds
 * {@code X-Forwarded-For}, {@code -Host}, {@code -Port} and {@code -Proto}. Every other line passes byte for byte, and
 * so do bodies with their chunk framing and trailers. {@code CONNECT} keeps its target and its {@code Host}.
 *
 * <h2>Responses</h2>
 *
 * Responses pass as they are, each head when it is complete. If {@code Host} is replaced, a {@code Location} that names
 * the replacement becomes relative.
 *
 * <h2>Upgrade and CONNECT</h2>
 *
 * The rewriter sends such a request when all earlier requests have been answered. The user's further bytes wait for its
 * final status. A 101, or any 2xx for {@code CONNECT}, makes the connection {@linkplain #transparent() transparent}.
 * After any other status, requests continue. If the answer is not HTTP, or is a wrong 101, the rewriter answers with
 * 502.
 *
 * <p>{@link Switching} says which of these requests are sent at all. Otherwise {@code Upgrade} is dropped, which RFC
 * 9110 section 7.8 allows, and {@code CONNECT} is refused. Protocols that carry HTTP in another form ({@code h2c},
 * {@code TLS}) are removed from the offered list, because PortProxy could not see the requests inside them.
 *
 * <h2>Refusals</h2>
 *
 * After {@link Result#REFUSED} the caller passes on nothing more from the user. Answers to earlier requests may still
 * be on their way. So the caller relays responses until {@link #refusalDue()}, sends {@link #refusal}, and closes. The
 * caller needs its own deadline for this, because a target may never answer.
 *
 * <h2>Memory</h2>
 *
 * Between messages, and in a body with a length, the rewriter holds only its fields. While a head arrives, it holds at
 * most {@code max-request-head} bytes, twice that while it writes the head, and Jetty's copies of the target and of the
 * longest value. Jetty's copies stay during a chunked body. A response head that does not arrive at once is held up to
 * {@value ResponseParser#MAX_HEAD} bytes.
 */
public final class HttpRequestRewriter {
    /** Why {@link #rewrite} returned. */
    public enum Result {
        /** All input is taken and all output is written. */
        NEED_INPUT,
        /** There is more output. Call again with room in the output, even without new input. */
        OUTPUT_FULL,
        /** Everything before this point is written. Further input is not taken while {@link #awaitsResponse()}. */
        AWAIT_RESPONSE,
        /** The next request goes to another target, and so does the connection. No more input is taken. */
        LEAVES,
        /** HTTP is over. The input is untouched, and passes without this class from here on. */
        TRANSPARENT,
        /** The request is not relayed. No more input is taken. */
        REFUSED
    }

    /**
     * The position in the user's stream.
     *
     * <ul>
     *   <li>{@code HEAD}: in a head or before it. A {@code BODY} follows, or the end of the request.
     *   <li>{@code BODY}: in a body. The end of the request follows.
     *   <li>{@code DUE}: a complete head waits while earlier requests have no answer. The head is an {@code Upgrade} or
     *       {@code CONNECT}, or it goes to another target, or too many requests are unanswered. It is read again in
     *       {@code HEAD}.
     *   <li>{@code AWAITING}: an {@code Upgrade} or {@code CONNECT} is sent and has no final status. {@code HEAD} or
     *       {@code TRANSPARENT} follows.
     *   <li>{@code TRANSPARENT}: HTTP is over. Final.
     *   <li>{@code LEAVES}: the next request goes to another target. Final.
     *   <li>{@code REFUSED}: a head, a chunked body or an answer of the target was wrong, or the caller refused. Final.
     * </ul>
     */
    private enum State {
        HEAD(null),
        BODY(null),
        DUE(Result.AWAIT_RESPONSE),
        AWAITING(Result.AWAIT_RESPONSE),
        TRANSPARENT(Result.TRANSPARENT),
        LEAVES(Result.LEAVES),
        REFUSED(Result.REFUSED);

        /** The result of {@link #rewrite} in a state that takes no input; null in the others. */
        private final @Nullable Result stop;

        State(@Nullable Result stop) {
            this.stop = stop;
        }
    }

    private static final byte[] NOTHING = {};

    private final HttpRewriteSettings settings;
    private final RequestTurn turn;
    private final RequestRules rules;
    private final ResponseRelay responses;
    private final RequestObserver observer;

    private State state = State.HEAD;
    private @Nullable HeadReader head;
    private boolean headComplete;
    private boolean userEnded;
    private @Nullable RequestBody body;

    /** The rewritten head, not yet written from {@code pendingAt} on. */
    private byte[] pending = NOTHING;

    private int pendingAt;
    private @Nullable RefusedException refused;
    private boolean refusedInBody;
    private Optional<RequestView> refusedHead = Optional.empty();
    private AnswerStyle style = AnswerStyle.UNREAD; // of the newest request

    /**
     * Makes the rewriter of one connection.
     *
     * @param settings the settings of the exposed port
     * @param origin where the connection comes from
     * @param route says which of its requests are for this target
     */
    public HttpRequestRewriter(HttpRewriteSettings settings, HttpOrigin origin, RouteMatch route) {
        this(settings, origin, route, RequestObserver.NONE);
    }

    /**
     * Makes a rewriter as {@link #HttpRequestRewriter(HttpRewriteSettings, HttpOrigin, RouteMatch)} does.
     *
     * @param observer is notified of requests and answers
     */
    public HttpRequestRewriter(
            HttpRewriteSettings settings, HttpOrigin origin, RouteMatch route, RequestObserver observer) {
        this.observer = observer;
        this.settings = settings;
        this.rules = new RequestRules(settings, origin);
        this.responses =
                new ResponseRelay(settings.host().orElse(""), settings.headers().response(origin.secure()), observer);
        this.turn = new RequestTurn(route, responses);
    }

    /**
     * Takes bytes from {@code in} and writes the bytes for the target into {@code out}. Stops when {@code in} is empty,
     * when {@code out} is full, or when the request demands it.
     *
     * @param in the user's bytes, split anywhere
     * @param out room for at least one byte
     * @return what the caller has to do
     */
    public Result rewrite(ByteBuffer in, ByteBuffer out) {
        try {
            return doRewrite(in, out);
        } catch (RefusedException e) {
            refuse(e);
            return Result.REFUSED;
        }
    }

    private void refuse(RefusedException why) {
        refused = why;
        refusedInBody = body != null && body.isChunked();
        style = head == null ? style : head.style();
        refusedHead = head == null ? Optional.empty() : head.partial();
        state = State.REFUSED;
        head = null;
        headComplete = false;
        body = null;
    }

    /**
     * Takes bytes on their way from the target to the user. The caller passes all of them, in order, until the
     * connection is {@linkplain #transparent() transparent}.
     *
     * @return the bytes to send to the user now: {@code data} itself with its position unchanged, or another buffer,
     *     and then {@code data} is used up
     */
    public ByteBuffer response(ByteBuffer data) {
        ByteBuffer passes = responses.relay(data);
        if (responses.state() == ResponseRelay.State.BROKEN && state != State.REFUSED) {
            refuse(new RefusedException(502, "The target's answer does not pass: " + responses.problem()));
        } else if (state == State.AWAITING && !responses.awaiting()) {
            endRequest();
        } else if (state == State.DUE && !turn.waitsForOthers()) {
            state = State.HEAD;
        }
        return passes;
    }

    /** Ends the responses, as the target sends nothing more. Returns the held part of a response head, for the user. */
    public ByteBuffer responsesEnded() {
        return responses.rest();
    }

    /**
     * Ends the user's side. An {@code Upgrade} that waits is then sent as a plain request, because the user could no
     * longer speak the other protocol. A request that still has to wait is refused.
     */
    public void userEnded() {
        userEnded = true;
        if (state == State.DUE) {
            state = State.HEAD;
        }
    }

    /** Refuses everything more from the user. */
    public void refuseMore(RefusedException why) {
        refuse(why);
    }

    /** Refuses everything more from the target, which has not answered in time. The user gets a 504. */
    public void refuseLateAnswer() {
        String why = "This application did not answer in time.";
        responses.giveUp(why);
        refuse(new RefusedException(504, why));
    }

    /** Returns the head that has begun and is not complete: one object for one head; null between requests. */
    public @Nullable Object unfinishedHead() {
        return headComplete || head == null || !head.begun() ? null : head;
    }

    /**
     * Returns the number of the answer that the target owes, counted from 0, to a request that was sent in full.
     * Negative if it owes none, or if the answer has begun.
     */
    public long owedAnswer() {
        return owesAnswer() && (responses.outstanding() > 1 || state != State.BODY) ? responses.answered() : -1;
    }

    /** Returns whether {@link #rewrite} takes no input for now, because a request waits for responses or for its own answer. */
    public boolean awaitsResponse() {
        return state == State.AWAITING || state == State.DUE;
    }

    /** Returns whether the target has an {@code Upgrade} or {@code CONNECT} that it has not answered. */
    public boolean upgradeSent() {
        return state == State.AWAITING;
    }

    /** Returns whether {@link #rewrite} would write output without input. */
    public boolean hasOutput() {
        return pendingAt < pending.length || (headComplete && state == State.HEAD);
    }

    /** Returns whether the user's bytes pass unchanged from here on. */
    public boolean transparent() {
        return state == State.TRANSPARENT;
    }

    /** Returns what was wrong with the refused request, for the log; empty if none was refused. */
    public String refusalReason() {
        return refused == null ? "" : refused.status() + " " + refused.reason();
    }

    /** Returns the status of the answer to the refused request; 0 if none was refused. */
    public int refusalStatus() {
        return refused == null ? 0 : refused.status();
    }

    /** Returns the readable part of the refused head; empty if no head was refused, or its first line was not complete. */
    public Optional<RequestView> refusedHead() {
        return refusedHead;
    }

    /** Returns whether the target may end its side without truncating an answer. */
    public boolean mayEndNow() {
        return transparent() || responses.mayEndNow();
    }

    /** Returns how many bytes of the newest answer's body have come so far. */
    public long answerBytes() {
        return responses.bodyBytes();
    }

    /** Returns whether the cause of the refusal is a wrong answer of the target. */
    public boolean targetIsWrong() {
        return responses.state() == ResponseRelay.State.BROKEN;
    }

    /**
     * Returns, after a refusal, whether all answers that the target owes the user have passed. Then the caller can send
     * {@link #refusal} and close the connection.
     */
    public boolean refusalDue() {
        return switch (responses.state()) {
            case FOLLOWING -> !responses.midResponse() && responses.outstanding() <= (refusedInBody ? 1 : 0);
            case LAST -> false;
            case LOST, SWITCHED, BROKEN -> true;
        };
    }

    /**
     * Returns the answer for the user, after a refusal, when it is due. It is empty if no answer can be placed: the
     * request with the malformed body was answered already, or the order of the responses is lost.
     *
     * @param pages the operator's error pages
     */
    public byte[] refusal(ErrorPages pages) {
        boolean owed = targetIsWrong() || (responses.following() && (!refusedInBody || responses.outstanding() == 1));
        return refused == null || !owed
                ? NOTHING
                : OwnAnswer.of(refused.status(), refused.reason(), style, ownFields(), pages);
    }

    /** Returns the extra lines for the heads of PortProxy's own answers. */
    public String ownFields() {
        return settings.headers().ofOurs(rules.secure());
    }

    /** Returns the most bytes of a request's head. */
    public int maxRequestHead() {
        return settings.maxRequestHead();
    }

    /** Returns whether the target has a request and nothing of its answer has come, so that PortProxy can answer instead. */
    public boolean owesAnswer() {
        return responses.following() && !responses.midResponse() && responses.outstanding() > 0;
    }

    /** Returns whether no request has gone to the target. */
    public boolean isFresh() {
        return responses.isFresh();
    }

    /** Returns whether the target has not completed any answer yet. */
    public boolean isFirst() {
        return responses.answered() == 0;
    }

    /** Returns the style of PortProxy's answer to the newest request. */
    public AnswerStyle style() {
        return style;
    }

    /** Returns what was read and not passed on: the request that goes to another target, or the incomplete one. */
    public byte[] unread() {
        return head == null ? NOTHING : head.raw();
    }

    /** Returns whether the user has sent only complete requests and nothing after them. */
    public boolean betweenRequests() {
        return state == State.HEAD && (head == null || !head.begun()) && pending.length == 0;
    }

    /** Returns how many bytes of heads are held now. Tests of the bound use it. */
    int heldBytes() {
        return pending.length + (head == null ? 0 : head.heldBytes()) + responses.heldBytes();
    }

    private Result doRewrite(ByteBuffer in, ByteBuffer out) throws RefusedException {
        while (true) {
            if (!givePending(out)) {
                return Result.OUTPUT_FULL;
            }
            if (state.stop != null) {
                return state.stop;
            }
            if (!in.hasRemaining() && !headComplete) {
                return Result.NEED_INPUT;
            }
            if (state == State.HEAD) {
                readHead(in);
            } else if (!out.hasRemaining()) {
                return Result.OUTPUT_FULL;
            } else {
                relayBody(in, out);
            }
        }
    }

    private boolean givePending(ByteBuffer out) {
        int count = Math.min(pending.length - pendingAt, out.remaining());
        out.put(pending, pendingAt, count);
        pendingAt += count;
        if (pendingAt < pending.length) {
            return false;
        }
        pending = NOTHING;
        pendingAt = 0;
        return true;
    }

    private void readHead(ByteBuffer in) throws RefusedException {
        HeadReader reader = head;
        if (reader == null) {
            reader = new HeadReader(settings.maxRequestHead());
            head = reader;
        }
        headComplete = headComplete || reader.read(in);
        if (!headComplete) {
            return;
        }
        RequestHead request = reader.complete(rules, userEnded ? Switching.NONE : responses.switching());
        RequestTurn.Verdict verdict = turn.of(request);
        if (verdict == RequestTurn.Verdict.WAITS && userEnded) {
            throw new RefusedException(421, "Keep your side open until the earlier requests are answered");
        }
        if (verdict != RequestTurn.Verdict.GOES) {
            state = verdict == RequestTurn.Verdict.WAITS ? State.DUE : State.LEAVES;
            return;
        }
        style = request.style();
        responses.requested(request.kind(), request.key());
        observer.requested(request);
        pending = request.rewritten();
        head = null;
        headComplete = false;
        body = RequestBody.of(request, reader.parser());
        if (body == null) {
            endRequest();
        } else {
            state = State.BODY;
        }
    }

    private void endRequest() {
        if (responses.awaiting()) {
            state = State.AWAITING;
        } else {
            state = responses.state() == ResponseRelay.State.SWITCHED ? State.TRANSPARENT : State.HEAD;
        }
    }

    private void relayBody(ByteBuffer in, ByteBuffer out) throws RefusedException {
        if (Objects.requireNonNull(body).relay(in, out)) {
            body = null;
            endRequest();
        }
    }
}
