package io.portproxy.http;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
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
 * an absolute request target, become the target's as {@link HostHeader} says. The user's {@code Forwarded} and
 * {@code X-Forwarded-*} are dropped, in any spelling that a target could take for them, and {@code X-Forwarded-For},
 * {@code -Host} and {@code -Proto} are added. Every other line passes byte for byte, and so do bodies with their chunk
 * framing and trailers. {@code CONNECT} keeps its target and its {@code Host}.
 *
 * <h2>Upgrade and CONNECT</h2>
 *
 * After such a request the user's further bytes wait until its final status is seen. A 101, or any 2xx for
 * {@code CONNECT}, makes the connection {@linkplain #transparent() transparent}; after another status requests go on.
 * Which response is the answer is known because {@link #response} follows all of them from the first. Where that is
 * impossible (see {@link #watchesResponses()}) the connection never becomes transparent: {@code Upgrade} is dropped
 * from later requests, which RFC 9110 section 7.8 allows, and {@code CONNECT} is refused. It is also dropped when it
 * offers HTTP in another form ({@code h2c}, {@code TLS}), as requests could hide from us there.
 *
 * <h2>Refusals</h2>
 *
 * After {@link Result#REFUSED} the caller reads no more from the user. Answers to earlier requests may still be on
 * their way, so it goes on relaying responses until {@link #refusalDue()}, sends {@link #refusal()}, and closes. It
 * needs a deadline of its own for that, as a target may never answer.
 *
 * <h2>Memory</h2>
 *
 * Between requests and in a body with a length nothing but fields is held. While a head arrives it is at most
 * {@code max-request-head} bytes, twice over while it is written, and Jetty's copies of its target and longest value;
 * these stay during a chunked body.
 */
public final class HttpRequestRewriter {
    /** Why {@link #rewrite} came back. */
    public enum Result {
        /** All input is taken and all output given. */
        NEED_INPUT,
        /** There is more to give; call again with room in the output, even without new input. */
        OUTPUT_FULL,
        /** Everything before this is given; further input is not taken while {@link #awaitingResponse()}. */
        AWAIT_RESPONSE,
        /** HTTP is over: input was left as it is, and passes without this class from here on. */
        TRANSPARENT,
        /** The request is not relayed, and no input is taken any more. */
        REFUSED
    }

    /**
     * Where in the user's stream the next byte is: {@code HEAD} to {@code BODY_OF_LENGTH}, {@code CHUNKED_BODY} or
     * straight on; from the end of the request to {@code HEAD}, or by way of {@code AWAITING} to {@code HEAD} or
     * {@code TRANSPARENT}. {@code HEAD} and {@code CHUNKED_BODY} lead to {@code REFUSED}, which is final.
     */
    private enum State {
        HEAD(null),
        BODY_OF_LENGTH(null),
        CHUNKED_BODY(null),
        AWAITING(Result.AWAIT_RESPONSE),
        TRANSPARENT(Result.TRANSPARENT),
        REFUSED(Result.REFUSED);

        /** What {@link #rewrite} returns in a state in which no input is taken. */
        private final @Nullable Result stop;

        State(@Nullable Result stop) {
            this.stop = stop;
        }
    }

    private static final byte[] NOTHING = {};

    private final HttpRewriteSettings settings;
    private final HostRule rule;
    private final ForwardedFields forwarded;
    private final ResponseWatch watch = new ResponseWatch();

    private State state = State.HEAD;
    private @Nullable HeadReader head;
    private @Nullable RequestParser chunks;
    private long bodyLeft;

    /** The rewritten head, from {@code pendingAt} on not yet given out. */
    private byte[] pending = NOTHING;

    private int pendingAt;
    private @Nullable RefusedException refused;
    private boolean refusedInBody;

    /**
     * Makes the rewriter of one connection.
     *
     * @param settings those of the exposed port
     * @param exposed the local address of the accepted connection
     * @param user the remote address of the accepted connection
     */
    public HttpRequestRewriter(HttpRewriteSettings settings, InetSocketAddress exposed, InetAddress user) {
        this.settings = settings;
        this.rule = new HostRule(settings, exposed);
        this.forwarded = new ForwardedFields(user);
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
            refused = e;
            refusedInBody = state == State.CHUNKED_BODY;
            state = State.REFUSED;
            head = null;
            chunks = null;
            return Result.REFUSED;
        }
    }

    /**
     * Takes bytes on their way from the target to the user, all of them and in order, for as long as
     * {@link #watchesResponses()}. Does not change the position of {@code data}.
     */
    public void response(ByteBuffer data) {
        watch.observe(data);
        if (state == State.AWAITING && !watch.awaiting()) {
            endRequest();
        }
    }

    /**
     * Whether {@link #response} has to see what goes to the user. From the first byte on, until the connection is
     * transparent, or a response ends only with the connection, or a response could not be understood, or more than
     * {@value ResponseWatch#MAX_OUTSTANDING} requests were without an answer.
     */
    public boolean watchesResponses() {
        return watch.state() == ResponseWatch.State.FOLLOWING;
    }

    /** Whether an {@code Upgrade} or {@code CONNECT} waits for its answer, and {@link #rewrite} takes no input. */
    public boolean awaitingResponse() {
        return state == State.AWAITING;
    }

    /** Whether the user's bytes pass as they are from here on. */
    public boolean transparent() {
        return state == State.TRANSPARENT;
    }

    /** What was wrong with the request that was refused, for the log; empty if none was. */
    public String refusalReason() {
        return refused == null ? "" : refused.status() + " " + refused.reason();
    }

    /**
     * After a refusal: whether everything that the target owes the user has passed, so that {@link #refusal()} can be
     * sent now and the connection closed.
     */
    public boolean refusalDue() {
        return switch (watch.state()) {
            case FOLLOWING -> !watch.midResponse() && watch.outstanding() <= (refusedInBody ? 1 : 0);
            case LAST -> false;
            case LOST, SWITCHED -> true;
        };
    }

    /**
     * After a refusal, when it is due: the response to send to the user. Empty if there is no place for one: the
     * request whose body is malformed was answered already, or the place in the responses is lost.
     */
    public byte[] refusal() {
        boolean owed = watch.state() == ResponseWatch.State.FOLLOWING && (!refusedInBody || watch.outstanding() == 1);
        return refused == null || !owed ? NOTHING : Refusal.response(refused.status(), refused.reason());
    }

    /** The bytes of heads that are held now, for tests of the bound. */
    int heldBytes() {
        return pending.length + (head == null ? 0 : head.heldBytes());
    }

    private Result doRewrite(ByteBuffer in, ByteBuffer out) throws RefusedException {
        while (true) {
            if (!givePending(out)) {
                return Result.OUTPUT_FULL;
            }
            if (state.stop != null) {
                return state.stop;
            }
            if (!in.hasRemaining()) {
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
        if (!reader.read(in)) {
            return;
        }
        boolean mayEndHttp = watch.canFollowAnother();
        RequestHead request = reader.complete(rule, mayEndHttp);
        if (request.kind() == RequestKind.CONNECT && !mayEndHttp) {
            throw new RefusedException(501, "CONNECT is not possible any more on this connection");
        }
        watch.requested(request.kind());
        pending = request.rewritten(forwarded);
        head = null;
        beginBody(request, reader.parser());
    }

    private void beginBody(RequestHead request, RequestParser parser) {
        if (request.chunked()) {
            chunks = parser;
            state = State.CHUNKED_BODY;
        } else if (parser.contentLength() > 0) {
            bodyLeft = parser.contentLength();
            state = State.BODY_OF_LENGTH;
        } else {
            endRequest();
        }
    }

    private void endRequest() {
        if (watch.awaiting()) {
            state = State.AWAITING;
        } else {
            state = watch.state() == ResponseWatch.State.SWITCHED ? State.TRANSPARENT : State.HEAD;
        }
    }

    private void relayBody(ByteBuffer in, ByteBuffer out) throws RefusedException {
        int limit = in.limit();
        int start = in.position();
        in.limit(start + (int) Math.min(Math.min(in.remaining(), out.remaining()), mostOfBody()));
        try {
            if (takeBody(in)) {
                chunks = null;
                endRequest();
            }
            in.limit(in.position()).position(start);
            out.put(in);
        } finally {
            // Jetty clears a buffer that it does not like.
            in.limit(limit);
        }
    }

    /** Moves the position behind the body, as far as there is any; returns whether this was its end. */
    private boolean takeBody(ByteBuffer in) throws RefusedException {
        RequestParser parser = chunks;
        if (parser != null) {
            return parser.parseChunked(in);
        }
        bodyLeft -= in.remaining();
        in.position(in.limit());
        return bodyLeft == 0;
    }

    private long mostOfBody() {
        return state == State.BODY_OF_LENGTH ? bodyLeft : Long.MAX_VALUE;
    }
}
