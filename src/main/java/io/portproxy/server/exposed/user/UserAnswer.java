package io.portproxy.server.exposed.user;

import io.portproxy.http.AnswerStyle;
import io.portproxy.http.ErrorPages;
import io.portproxy.http.FirstHead;
import io.portproxy.http.OwnAnswer;
import io.portproxy.http.RefusedException;
import io.portproxy.net.CleanClose;
import io.portproxy.net.ReadyHandler;
import io.portproxy.net.Sockets;
import io.portproxy.protocol.Reason;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The answer of the server to a user of HTTP, when there is no target that answers: a status, a sentence, and the end
 * of the connection.
 *
 * @param status 300 to 599
 * @param text a sentence for a person; it contains nothing that only the operator may know
 * @param fields further lines of the answer's head, each with its line end
 */
public record UserAnswer(int status, String text, String fields) {
    /** Answers a user instead of the target. */
    @FunctionalInterface
    public interface Sender {
        /** Sends the answer, and ends the connection. On the loop that has the connection. */
        void answer(IncomingConnection user, FirstHead head, UserAnswer answer);
    }

    private static final Logger log = LoggerFactory.getLogger(UserAnswer.class);

    private static final String RETRY = "Retry-After: 5\r\n";

    /** An answer without further lines in its head. */
    public UserAnswer(int status, String text) {
        this(status, text, "");
    }

    /** The answer when an access list does not admit the user. */
    public static UserAnswer forbidden() {
        return new UserAnswer(403, "You cannot use this application from your address.");
    }

    /** The answer when a user is refused before the stream opens. */
    public static UserAnswer of(PortRefusal why) {
        return switch (why) {
            case DISABLED -> new UserAnswer(503, "This application is switched off.");
            case QUOTA ->
                new UserAnswer(503, "The quota of this application is used up. It can be reached again later.");
            case CHANGED -> new UserAnswer(503, "This application has just been changed. Try again soon.", RETRY);
            case REMOTE_AWAY ->
                new UserAnswer(503, "This application is not connected just now. Try again soon.", RETRY);
            case LIMIT_CONNECTIONS, LIMIT_RATE, LIMIT_USERS ->
                new UserAnswer(503, "This application has too many users at the moment. Try again soon.", RETRY);
            case LIMIT_CONNECTIONS_PER_USER, LIMIT_RATE_PER_USER ->
                new UserAnswer(429, "You have opened as many connections as you may. Try again soon.", RETRY);
            case LIMIT -> new UserAnswer(503, "This application is busy just now. Try again soon.", RETRY);
            case DIALECT, PROXY_PROTOCOL -> new UserAnswer(502, "This application cannot be reached.");
        };
    }

    /** The answer when a stream ended for this reason before its target answered; empty: a reset is better. */
    static Optional<UserAnswer> of(Reason reason) {
        return switch (reason) {
            case TARGET_REFUSED, TARGET_UNREACHABLE, DENIED ->
                Optional.of(new UserAnswer(502, "This application cannot be reached."));
            case DIAL_TIMEOUT -> Optional.of(new UserAnswer(504, "This application did not answer in time."));
            case LIMIT, GOING_AWAY, TUNNEL_LOST, REPLACED ->
                Optional.of(new UserAnswer(503, "The connection to this application was lost. Try again soon.", RETRY));
            case TARGET_RESET, STALLED ->
                Optional.of(new UserAnswer(502, "This application ended the connection without an answer."));
            default -> Optional.empty();
        };
    }

    /** The answer to a malformed or forbidden request. */
    public static UserAnswer of(RefusedException refusal) {
        return new UserAnswer(refusal.status(), refusal.reason());
    }

    /** Owns the connection until {@link CleanClose} does. */
    private record Ending(IncomingConnection user) implements ReadyHandler {
        @Override
        public void ready(int readyOps) {
            // No event is expected.
        }

        @Override
        public void abort() {
            user.reset();
        }
    }

    /** Returns a copy with further lines. */
    UserAnswer with(String lines) {
        return lines.isEmpty() ? this : new UserAnswer(status, text, fields + lines);
    }

    byte[] bytes(AnswerStyle style, ErrorPages pages) {
        return OwnAnswer.of(status, text, style, fields, pages);
    }

    /**
     * Sends the answer to a request that reached no route, ends the connection, and writes the access log. On the loop
     * that has the connection.
     */
    public void send(IncomingConnection user, FirstHead head) {
        send(user, head.style(), LoggedRequest.of(user, head));
    }

    /**
     * Sends the answer, ends the connection, and writes the access log. On the loop that has the connection.
     *
     * @return whether the answer is sent; otherwise too many answers are in progress, and the user is reset
     */
    boolean send(IncomingConnection user, AnswerStyle style, Optional<LoggedRequest> logged) {
        OptionalInt body = send(user, style);
        logged.ifPresent(request -> request.write(
                user,
                body.isPresent() ? OptionalInt.of(status) : OptionalInt.empty(),
                body.orElse(0),
                body.isPresent()));
        return body.isPresent();
    }

    /** Sends a text unchanged, even if many answers are in progress, and ends the connection. On the loop that has it. */
    public static void sendText(IncomingConnection user, String text) {
        byte[] body = text.getBytes(StandardCharsets.UTF_8);
        String head = "HTTP/1.1 200 OK\r\nContent-Type: application/octet-stream\r\nContent-Length: " + body.length
                + "\r\nConnection: close\r\n\r\n";
        send(user, (head + text).getBytes(StandardCharsets.UTF_8), late -> {});
    }

    /**
     * Sends the answer, and ends the connection. On the loop that has it.
     *
     * @return the number of bytes after the head; empty: too many answers are in progress, and the user is reset
     */
    public OptionalInt send(IncomingConnection user, AnswerStyle style) {
        OwnAnswers answers = user.web().answers();
        if (!answers.begin()) {
            user.reset();
            return OptionalInt.empty();
        }
        byte[] bytes = bytes(style, user.web().pages());
        send(user, bytes, late -> {
            answers.end();
            if (late) {
                answers.cut(OwnAnswers.Cut.SLOW);
            }
        });
        return OptionalInt.of(OwnAnswer.bodyLength(bytes));
    }

    private static void send(IncomingConnection user, byte[] bytes, CleanClose.Over over) {
        SelectionKey key;
        try {
            key = user.loop().register(user.transport().socket(), 0, new Ending(user));
        } catch (IOException e) {
            log.debug("user {} was gone before it could be told", user.addressText(), e);
            user.reset();
            over.over(false);
            return;
        }
        Sockets.endWithReset(user.transport().socket(), false);
        Duration timeout = user.web().limits().answerTimeout();
        CleanClose.start(user.loop(), user.transport(), key, ByteBuffer.wrap(bytes), timeout, over);
    }
}
