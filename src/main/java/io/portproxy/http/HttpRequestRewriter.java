package io.portproxy.http;

import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One user connection of a port of {@code type: http}: takes the user's bytes, finds every request head in them, and
 * hands on what the target is to get.
 *
 * <p>Not thread-safe: one event loop drives it. No I/O, no clock.
 *
 * <h2>Requests</h2>
 *
 * A head is kept until it is complete and checked; nothing of a bad one is relayed. {@code Host}, and the authority of
 * an absolute request target, stay as they are or become what {@link HostHeader} says; then an {@code Origin} and a
 * {@code Referer} that named the same host do so with them. The user's {@code Forwarded} and {@code X-Forwarded-*} are
 * dropped, in any spelling that a target could take for them, unless it is a trusted proxy, and
 * {@code X-Forwarded-For}, {@code -Host}, {@code -Port} and {@code -Proto} are added. Every other line passes byte for
 * byte, and so do bodies with their chunk framing and trailers. {@code CONNECT} keeps its target and its {@code Host}.
 *
 * <h2>Responses</h2>
 *
 * They pass as they are, a head when it is complete. Where {@code Host} is replaced, a {@code Location} that names the
 * host in its place is made relative.
 *
 * <h2>Upgrade and CONNECT</h2>
 *
 * Such a request is sent on when all earlier ones have been answered, and the user's further bytes wait until its final
 * status is seen. A 101, or any 2xx for {@code CONNECT}, makes the connection {@linkplain #transparent() transparent};
 * after another status requests go on; what is no HTTP, or a 101 that is wrong, is answered with 502 here. {@link
 * Switching} says which of them may be sent on at all: {@code Upgrade} is dropped otherwise, which RFC 9110 section 7.8
 * allows, and {@code CONNECT} is refused. What offers HTTP in another form ({@code h2c}, {@code TLS}) is dropped from the
 * list of protocols, as requests could hide from us there.
 *
 * <h2>Refusals</h2>
 *
 * After {@link Result#REFUSED} the caller passes on nothing more from the user. Answers to earlier requests may still be on
 * their way, so it goes on relaying responses until {@link #refusalDue()}, sends {@link #refusal}, and closes. It
 * needs a deadline of its own for that, as a target may never answer.
 *
 * <h2>Memory</h2>
 *
 * Between messages and in a body with a length nothing but fields is held. While a head arrives it is at most
 * {@code max-request-head} bytes, twice over while it is written, and Jetty's copies of its target and longest value;
 * these stay during a chunked body. A response head that does not come at once is held up to
 * {@value ResponseParser#MAX_HEAD} bytes.
 */
public final class HttpRequestRewriter {
    /** Why {@link #rewrite} came back. */
    public enum Result {
        /** All input is taken and all output given. */
        NEED_INPUT,
        /** There is more to give; call again with room in the output, even without new input. */
        OUTPUT_FULL,
        /** Everything before this is given; further input is not taken while {@link #awaitsResponse()}. */
        AWAIT_RESPONSE,
        /** The next request goes elsewhere, and so the connection does: no input is taken any more. */
        LEAVES,
        /** HTTP is over: input was left as it is, and passes without this class from here on. */
        TRANSPARENT,
        /** The request is not relayed, and no input is taken any more. */
        REFUSED
    }

    /**
     * Where in the user's stream the next byte is: {@code HEAD} to {@code BODY} or straight on; from the end of the request to {@code HEAD}, or by way of {@code AWAITING} to {@code HEAD} or
     * {@code TRANSPARENT}. A complete head of an {@code Upgrade} or {@code CONNECT}, or one that goes elsewhere, waits in {@code
     * DUE}, and is looked at again, while earlier requests have no answer. {@code LEAVES} is final. {@code REFUSED} is final; {@code HEAD} and a chunked {@code BODY} lead
     * there, or an answer in {@code AWAITING} or to a request that did not ask for what it says.
     */
    private enum State {
        HEAD(null),
        BODY(null),
        DUE(Result.AWAIT_RESPONSE),
        AWAITING(Result.AWAIT_RESPONSE),
        TRANSPARENT(Result.TRANSPARENT),
        LEAVES(Result.LEAVES),
        REFUSED(Result.REFUSED);

        /** What {@link #rewrite} returns in a state in which no input is taken. */
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

    /** The rewritten head, from {@code pendingAt} on not yet given out. */
    private byte[] pending = NOTHING;

    private int pendingAt;
    private @Nullable RefusedException refused;
    private boolean refusedInBody;
    private Optional<RequestView> refusedHead = Optional.empty();
    private AnswerStyle style = AnswerStyle.UNREAD; // of the newest request

    /**
     * Makes the rewriter of one connection.
     *
     * @param settings those of the exposed port
     * @param origin where the connection comes from
     * @param route which of its requests are for this target
     */
    public HttpRequestRewriter(HttpRewriteSettings settings, HttpOrigin origin, RouteMatch route) {
        this(settings, origin, route, RequestObserver.NONE);
    }

    /**
     * As {@link #HttpRequestRewriter(HttpRewriteSettings, HttpOrigin, RouteMatch)}.
     *
     * @param observer hears of its requests
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
     * Takes bytes from {@code in} and puts what is to be relayed into {@code out}, until one of them or the request
     * makes it stop.
     *
     * @param in the user's bytes, cut anywhere
     * @param out any room, from one byte up
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
     * Takes bytes on their way from the target to the user, all of them and in order, until the connection is
     * {@linkplain #transparent() transparent}.
     *
     * @return what the user is to get now: {@code data} itself, which is left as it was, or a buffer of its own, and then
     *     {@code data} is taken
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

    /** The target sends nothing more: what was kept of a response head, for the user. */
    public ByteBuffer responsesEnded() {
        return responses.rest();
    }

    /**
     * The user sends nothing more. A request that waits to be sent on goes as one that asks for no other protocol, as
     * nobody could speak that.
     */
    public void userEnded() {
        userEnded = true;
        if (state == State.DUE) {
            state = State.HEAD;
        }
    }

    /** Takes nothing more from the user. */
    public void refuseMore(RefusedException why) {
        refuse(why);
    }

    /** Takes nothing more from the target, which has not answered in time; the user is told so. */
    public void refuseLateAnswer() {
        String why = "This application did not answer in time.";
        responses.giveUp(why);
        refuse(new RefusedException(504, why));
    }

    /** The head that has begun and is not complete: the same object for the same head; null between requests. */
    public @Nullable Object unfinishedHead() {
        return headComplete || head == null || !head.begun() ? null : head;
    }

    /**
     * Which answer the target owes, counted from 0, to a request that it has been sent in full; negative if it owes none, or if the
     * answer has begun.
     */
    public long owedAnswer() {
        return owesAnswer() && (responses.outstanding() > 1 || state != State.BODY) ? responses.answered() : -1;
    }

    /** Whether {@link #rewrite} takes no input for now, as an {@code Upgrade} or {@code CONNECT} waits for responses. */
    public boolean awaitsResponse() {
        return state == State.AWAITING || state == State.DUE;
    }

    /** Whether one is with the target, which has not answered. */
    public boolean upgradeSent() {
        return state == State.AWAITING;
    }

    /** Whether {@link #rewrite} would give something without input. */
    public boolean hasOutput() {
        return pendingAt < pending.length || (headComplete && state == State.HEAD);
    }

    /** Whether the user's bytes pass as they are from here on. */
    public boolean transparent() {
        return state == State.TRANSPARENT;
    }

    /** What was wrong with the request that was refused, for the log; empty if none was. */
    public String refusalReason() {
        return refused == null ? "" : refused.status() + " " + refused.reason();
    }

    /** The status of the answer to the request that was refused; 0 if none was. */
    public int refusalStatus() {
        return refused == null ? 0 : refused.status();
    }

    /** What could be read of the head that was refused; empty if no head was, or not even its first line could be read. */
    public Optional<RequestView> refusedHead() {
        return refusedHead;
    }

    /** Whether the target may end its side without cutting an answer. */
    public boolean mayEndNow() {
        return transparent() || responses.mayEndNow();
    }

    /** The bytes of the newest answer's body so far. */
    public long answerBytes() {
        return responses.bodyBytes();
    }

    /** Whether it is the target whose answer was wrong. */
    public boolean targetIsWrong() {
        return responses.state() == ResponseRelay.State.BROKEN;
    }

    /**
     * After a refusal: whether everything that the target owes the user has passed, so that {@link #refusal} can be
     * sent now and the connection closed.
     */
    public boolean refusalDue() {
        return switch (responses.state()) {
            case FOLLOWING -> !responses.midResponse() && responses.outstanding() <= (refusedInBody ? 1 : 0);
            case LAST -> false;
            case LOST, SWITCHED, BROKEN -> true;
        };
    }

    /**
     * After a refusal, when it is due: the response to send to the user. Empty if there is no place for one: the
     * request whose body is malformed was answered already, or the place in the responses is lost.
     *
     * @param pages those of the operator
     */
    public byte[] refusal(ErrorPages pages) {
        boolean owed = targetIsWrong() || (responses.following() && (!refusedInBody || responses.outstanding() == 1));
        return refused == null || !owed
                ? NOTHING
                : OwnAnswer.of(refused.status(), refused.reason(), style, ownFields(), pages);
    }

    /** Lines for the heads of answers of ours. */
    public String ownFields() {
        return settings.headers().ofOurs(rules.secure());
    }

    /** The most bytes of a request's head. */
    public int maxRequestHead() {
        return settings.maxRequestHead();
    }

    /** Whether a request is with the target, and nothing of its answer has come; then one of ours can stand in for it. */
    public boolean owesAnswer() {
        return responses.following() && !responses.midResponse() && responses.outstanding() > 0;
    }

    /** Whether no request has gone to the target. */
    public boolean isFresh() {
        return responses.isFresh();
    }

    /** Whether that is the first that has gone to the target, so that no answer of it came before. */
    public boolean isFirst() {
        return responses.answered() == 0;
    }

    /** How the newest request is to be answered, if we do. */
    public AnswerStyle style() {
        return style;
    }

    /** What has been read and not been passed on: of the request that goes elsewhere, or that is not complete. */
    public byte[] unread() {
        return head == null ? NOTHING : head.raw();
    }

    /** Whether the user has sent requests that are complete, and nothing behind them. */
    public boolean betweenRequests() {
        return state == State.HEAD && (head == null || !head.begun()) && pending.length == 0;
    }

    /** The bytes of heads that are held now, for tests of the bound. */
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
