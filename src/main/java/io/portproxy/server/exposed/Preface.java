package io.portproxy.server.exposed;

import java.util.function.Consumer;

/**
 * What is read of a user's connection before it becomes a stream, because it says who the user is or what is asked for. On
 * the loop that accepted it.
 */
@FunctionalInterface
public interface Preface {
    /** Nothing: the connection becomes a stream at once. */
    Preface NONE = (user, next) -> next.accept(user);

    /** Nothing, either; the connection gets what all of the server share. */
    static Preface with(WebServices web) {
        return (user, next) -> next.accept(user.with(web));
    }

    /** This one, and then another one. */
    default Preface then(Preface other) {
        return (user, next) -> read(user, known -> other.read(known, next));
    }

    /**
     * Reads it. Either calls {@code next}, once, at once or later, or resets the connection. It may register the socket with the
     * connection's loop, and leave it registered: whoever is next registers it anew.
     */
    void read(UserConnection user, Consumer<UserConnection> next);
}
