package io.portproxy.server.exposed.user;

import java.util.function.Consumer;

/**
 * Reads the beginning of a user's connection before the connection becomes a stream: it says who the user is, or what
 * the user asks for. On the loop that accepted the connection.
 */
@FunctionalInterface
public interface Preface {
    /** Reads nothing: the connection becomes a stream at once. */
    Preface NONE = (user, next) -> next.accept(user);

    /** Also reads nothing, but gives the connection the web services that all of the server share. */
    static Preface with(WebServices web) {
        return (user, next) -> next.accept(user.with(web));
    }

    /** Reads this one first, and then another one. */
    default Preface then(Preface other) {
        return (user, next) -> read(user, known -> other.read(known, next));
    }

    /**
     * Reads the beginning, and then calls {@code next} once, now or later, or resets the connection. It may register
     * the socket with the connection's loop and leave it registered: the next owner registers it again.
     */
    void read(UserConnection user, Consumer<UserConnection> next);
}
