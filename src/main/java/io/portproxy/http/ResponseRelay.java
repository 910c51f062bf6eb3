package io.portproxy.http;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Passes a target's responses on. It follows them to know which request each response answers, what the answer to an
 * {@code Upgrade} or {@code CONNECT} is, and where a {@code Location} stands. It passes a head on when the head is
 * complete, and parses bodies in place, one buffer at a time.
 *
 * <p>It must follow all responses. A reader that looks for a status line only after the {@code Upgrade} may begin in
 * the middle of an earlier response. That body may come from a user and contain {@code HTTP/1.1 101}. After anything
 * that the relay does not understand, it has {@linkplain State#LOST lost} its place for good, and no later answer
 * counts.
 *
 * <p>A target that sends more than it announces, such as a body in its answer to HEAD, can make the relay take a body
 * for an answer. {@link Switching} prevents users from exploiting that.
 */
final class ResponseRelay {
    /** How far the responses are understood. {@code FOLLOWING} leads to each of the others, which are final. */
    enum State {
        FOLLOWING,
        /** The response under way ends with the connection. No other response follows. */
        LAST,
        /** The relay can no longer interpret what comes. */
        LOST,
        /** The connection has stopped being HTTP. */
        SWITCHED,
        /** An answer was wrong or late. The user must get nothing more from the target. */
        BROKEN
    }

    /** The most pipelined requests that the relay follows. The limit saves memory. */
    static final int MAX_OUTSTANDING = 64;

    private static final int SWITCHING_PROTOCOLS = 101;
    private static final byte[] NO_BYTES = {};
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0).asReadOnlyBuffer();

    private final String replacedHost;
    private final FieldRules fields;
    private final RequestObserver observer;
    private State state = State.FOLLOWING;
    private boolean fresh = true; // no request yet
    private long answered; // complete final responses
    private int outstanding;

    /** Bit i: the i-th request without a complete response, oldest first, is a HEAD. */
    private long heads;

    /** The kind of the newest request until its response decides; then it is the only request without a response. */
    private RequestKind awaited = RequestKind.PLAIN;

    private @Nullable WebSocketKey key;
    private String problem = "";

    /** The response under way; null between responses. */
    private @Nullable ResponseParser response;

    private long bodyBytes; // of the response under way
    private byte[] held = NO_BYTES; // the part of its head that came before the current buffer

    /**
     * @param replacedHost the host that requests name in place of the user's; empty if they keep the user's
     * @param fields the other changes to final answers
     * @param observer is notified of answers
     */
    ResponseRelay(String replacedHost, FieldRules fields, RequestObserver observer) {
        this.replacedHost = replacedHost;
        this.fields = fields;
        this.observer = observer;
    }

    /**
     * Notes that a request is on its way to the target.
     *
     * @param key the key that the answer to a WebSocket has to prove; null if it has to prove none
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

    /** Returns whether no request has gone to the target. */
    boolean isFresh() {
        return fresh;
    }

    /** Returns the number of complete final responses. */
    long answered() {
        return answered;
    }

    /** Stops passing anything that the target still sends. */
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

    /** Returns whether the next request may end HTTP, once nothing is outstanding. */
    Switching switching() {
        if (fresh) {
            return Switching.FREE;
        }
        return following() ? Switching.PROVED : Switching.NONE;
    }

    /** Returns whether the newest request decides how the connection goes on and has no final status yet. */
    boolean awaiting() {
        return awaited.mayEndHttp() && (state == State.FOLLOWING || state == State.LAST);
    }

    /** Returns whether the connection can end without truncating a response. */
    boolean mayEndNow() {
        return switch (state) {
            case FOLLOWING -> outstanding == 0 && !midResponse();
            case LAST, LOST, SWITCHED -> true;
            case BROKEN -> false;
        };
    }

    /** Returns the number of requests without a complete response. */
    int outstanding() {
        return outstanding;
    }

    /** Returns whether the relay could not follow one more request. */
    boolean isFull() {
        return state == State.FOLLOWING && outstanding == MAX_OUTSTANDING;
    }

    /** Returns whether something changes in each answer, so that the relay must understand all answers. */
    boolean changesEach() {
        return !fields.isEmpty();
    }

    /** Returns how many bytes of the newest answer's body have come so far. */
    long bodyBytes() {
        return bodyBytes;
    }

    /** Returns whether a response has begun and not ended. */
    boolean midResponse() {
        return response != null;
    }

    /** Returns what is wrong, in the state {@link State#BROKEN}. */
    String problem() {
        return problem;
    }

    int heldBytes() {
        return held.length;
    }

    /** Returns the held part of a head whose rest will not come. */
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
     * @return the bytes to send to the user now: {@code data} itself, or another buffer
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

    /** Returns why the user must not get the response; empty if the user may. */
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
                body(current, data); // a response without a body is complete without another byte
            }
        }
    }

    /** Returns whether a CONNECT succeeds (RFC 9110 section 9.3.6): any 2xx does, whatever it says about a body. */
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
            // RFC 9112 section 9.2: the final response to the same request follows an interim one.
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
