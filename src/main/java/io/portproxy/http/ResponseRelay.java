package io.portproxy.http;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Passes a target's responses on, and follows them far enough to know which request each one answers, what the answer to
 * an {@code Upgrade} or {@code CONNECT} is, and where a {@code Location} stands. A head is passed on when it is complete;
 * bodies are stepped over a buffer at a time, in place.
 *
 * <p>Nothing less will do: whoever looks for a status line only from the {@code Upgrade} on may begin in the middle of
 * an earlier response, whose body can be a user's own and say {@code HTTP/1.1 101}. After anything it does not
 * understand it has {@linkplain State#LOST lost} its place for good, and no later answer counts.
 *
 * <p>A target that sends more than it says, such as a body in its answer to HEAD, can make it take a body for an answer.
 * What keeps users from using that is {@link Switching}.
 */
final class ResponseRelay {
    /** How far the responses are understood. {@code FOLLOWING} leads to each of the others, which are final. */
    enum State {
        FOLLOWING,
        /** The response under way ends with the connection; none comes after it. */
        LAST,
        /** What comes cannot be told any more. */
        LOST,
        /** The connection has stopped being HTTP. */
        SWITCHED,
        /** What came in place of the answer to an {@code Upgrade} or {@code CONNECT} must not pass, nor what follows. */
        BROKEN
    }

    /** More pipelined requests than this are not worth the memory to follow. */
    static final int MAX_OUTSTANDING = 64;

    private static final int SWITCHING_PROTOCOLS = 101;
    private static final byte[] NO_BYTES = {};
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0).asReadOnlyBuffer();

    private final String replacedHost;
    private final FieldRules fields;
    private final RequestObserver observer;
    private State state = State.FOLLOWING;
    private boolean fresh = true; // no request yet
    private long answered; // final responses that were complete
    private int outstanding;

    /** Bit i: the i-th request without a complete response, oldest first, is a HEAD. */
    private long heads;

    /** What the newest request is, until its response has told; then it is the only one without a response. */
    private RequestKind awaited = RequestKind.PLAIN;

    private @Nullable WebSocketKey key;
    private String problem = "";

    /** The response under way; none between two. */
    private @Nullable ResponseParser response;

    private long bodyBytes; // of the response under way
    private byte[] held = NO_BYTES; // of its head, the part that came before the buffer at hand

    /**
     * @param replacedHost what requests name as their host in place of what the user wrote; empty if they do not
     * @param fields what else is changed of final answers
     * @param observer hears of answers
     */
    ResponseRelay(String replacedHost, FieldRules fields, RequestObserver observer) {
        this.replacedHost = replacedHost;
        this.fields = fields;
        this.observer = observer;
    }

    /**
     * A request is on its way to the target.
     *
     * @param key what its answer has to show, if it is to a WebSocket that is to prove itself
     */
    void requested(RequestKind kind, @Nullable WebSocketKey key) {
        fresh = false;
        this.key = key;
        if (state != State.FOLLOWING) {
            return;
        }
        if (outstanding == MAX_OUTSTANDING) {
            end(State.LOST);
            return;
        }
        if (kind == RequestKind.HEAD) {
            heads |= 1L << outstanding;
        }
        outstanding++;
        if (kind.mayEndHttp()) {
            awaited = kind;
        }
    }

    /** Whether no request has gone to the target. */
    boolean isFresh() {
        return fresh;
    }

    /** Final responses that were complete. */
    long answered() {
        return answered;
    }

    /** Nothing of what the target still sends is to pass. */
    void giveUp(String why) {
        problem = why;
        held = NO_BYTES;
        end(State.BROKEN);
    }

    State state() {
        return state;
    }

    boolean following() {
        return state == State.FOLLOWING;
    }

    /** Whether the next request may end HTTP, once nothing is outstanding. */
    Switching switching() {
        if (fresh) {
            return Switching.FREE;
        }
        return following() ? Switching.PROVED : Switching.NONE;
    }

    /** Whether the newest request has no final status yet that decides how the connection goes on. */
    boolean awaiting() {
        return awaited.mayEndHttp() && (state == State.FOLLOWING || state == State.LAST);
    }

    /** Whether the end of the connection cuts no response. */
    boolean mayEndNow() {
        return switch (state) {
            case FOLLOWING -> outstanding == 0 && !midResponse();
            case LAST, LOST, SWITCHED -> true;
            case BROKEN -> false;
        };
    }

    /** Requests without a complete response. */
    int outstanding() {
        return outstanding;
    }

    /** Whether one more would be more than are followed. */
    boolean isFull() {
        return state == State.FOLLOWING && outstanding == MAX_OUTSTANDING;
    }

    /** Whether the answers are to be understood at any price, as something is changed of each. */
    boolean changesEach() {
        return !fields.isEmpty();
    }

    /** The bytes of the newest answer's body so far. */
    long bodyBytes() {
        return bodyBytes;
    }

    /** Whether a response has begun and not ended. */
    boolean midResponse() {
        return response != null;
    }

    /** What is wrong, when it is {@link State#BROKEN}. */
    String problem() {
        return problem;
    }

    int heldBytes() {
        return held.length;
    }

    /** What is kept of a head whose rest will not come. */
    ByteBuffer rest() {
        return held.length == 0 ? NOTHING : ByteBuffer.wrap(takeHeld());
    }

    private byte[] takeHeld() {
        byte[] taken = held;
        held = NO_BYTES;
        return taken;
    }

    /**
     * Takes bytes on their way to the user, all of them and in order.
     *
     * @return what the user is to get now: {@code data} itself, or a buffer of its own
     */
    ByteBuffer relay(ByteBuffer data) {
        if (state == State.BROKEN) {
            data.position(data.limit());
            return NOTHING;
        } else if (state != State.FOLLOWING) {
            bodyBytes += data.remaining();
            return data;
        }
        RelayedBytes out = new RelayedBytes(data);
        while (state == State.FOLLOWING && data.hasRemaining()) {
            ResponseParser current = response;
            if (current == null && outstanding == 0) {
                end(State.LOST);
            } else if (current == null) {
                response = new ResponseParser();
            } else if (current.headComplete()) {
                body(current, data);
            } else {
                head(current, data, out);
            }
        }
        return out.finish();
    }

    private void head(ResponseParser current, ByteBuffer data, RelayedBytes out) {
        int from = data.position();
        boolean complete = current.parseHead(data);
        if (current.failed()) {
            if (awaitsThis()) {
                broken("its answer to " + awaited.text() + " is malformed", out, from);
            } else {
                out.insert(from, takeHeld());
                end(State.LOST);
            }
        } else if (complete) {
            headComplete(current, data, out, from);
        } else {
            held = HeadEdits.joined(held, out.copy(from, data.position()));
            out.leaveOut(from, data.position());
        }
    }

    private void headComplete(ResponseParser current, ByteBuffer data, RelayedBytes out, int from) {
        boolean whole = held.length == 0;
        boolean asItIs = whole && replacedHost.isEmpty() && fields.isEmpty() && !current.is(SWITCHING_PROTOCOLS);
        byte[] head = asItIs ? held : HeadEdits.joined(takeHeld(), out.copy(from, data.position()));
        String wrong = whyBroken(current, head);
        if (!wrong.isEmpty()) {
            broken(wrong, out, from);
            return;
        }
        byte[] text = asItIs ? head : rewritten(current, head);
        if (!whole || text != head) {
            out.insert(from, text);
            out.leaveOut(from, data.position());
        }
        proceed(current, data);
    }

    /** Why the user must not get it; empty if it may. */
    private String whyBroken(ResponseParser current, byte[] head) {
        if (current.is(SWITCHING_PROTOCOLS)) {
            return awaitsThis() && awaited == RequestKind.UPGRADE
                    ? ResponseHead.whyNoSwitch(head, key)
                    : "it answered 101 without having been asked";
        }
        boolean misframed = awaitsThis() && current.misframed() && !connects(current);
        return misframed ? "its answer to " + awaited.text() + " has a body where none may be" : "";
    }

    private byte[] rewritten(ResponseParser current, byte[] head) {
        if (current.is(SWITCHING_PROTOCOLS)) {
            return ResponseHead.withAccept(head, key);
        }
        byte[] text = replacedHost.isEmpty() ? head : ResponseHead.withoutHost(head, replacedHost);
        return current.isFinal() && !fields.isEmpty() ? ResponseHead.withFields(text, fields) : text;
    }

    private void proceed(ResponseParser current, ByteBuffer data) {
        bodyBytes = 0;
        if (current.isFinal() || current.is(SWITCHING_PROTOCOLS)) {
            observer.answered(current.status());
        }
        if (current.is(SWITCHING_PROTOCOLS) || connects(current)) {
            end(State.SWITCHED);
        } else if (current.misframed()) {
            end(State.LOST);
        } else {
            if (current.isFinal()) {
                awaited = RequestKind.PLAIN;
            }
            current.headOf((heads & 1) != 0);
            if (current.untilEnd()) {
                state = State.LAST;
            } else {
                body(current, data); // one without a body is over without another byte
            }
        }
    }

    /** RFC 9110 section 9.3.6: any success, whatever it says of a body. */
    private boolean connects(ResponseParser current) {
        return awaitsThis() && awaited == RequestKind.CONNECT && current.succeeds();
    }

    private void body(ResponseParser current, ByteBuffer data) {
        int from = data.position();
        boolean complete = current.parseBody(data);
        bodyBytes += data.position() - from;
        if (current.failed()) {
            end(State.LOST);
        } else if (complete) {
            response = null;
            // RFC 9112 section 9.2: an interim response is followed by the final one to the same request.
            if (current.isFinal()) {
                outstanding--;
                answered++;
                heads >>>= 1;
                observer.completed(bodyBytes);
            }
        }
    }

    private boolean awaitsThis() {
        return outstanding == 1 && awaited.mayEndHttp();
    }

    private void broken(String why, RelayedBytes out, int from) {
        out.cut(from);
        giveUp(why);
    }

    private void end(State last) {
        state = last;
        response = null;
        awaited = RequestKind.PLAIN;
    }
}
