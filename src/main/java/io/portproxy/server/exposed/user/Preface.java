package io.portproxy.server.exposed.user;

import java.util.function.Consumer;

/**
 * Reads what comes before a user's own bytes, and says who the user is. On the loop that accepted the connection.
 *
 * <p>Only headers of the PROXY protocol ({@link HeaderPreface}) are read in this way. Another header by which something
 * between the user and this server says more about the user would belong here as well. The names in SNI and in Host do
 * not: they say what the user asks for. They are part of the user's own bytes, they choose the route, and a bad one gets
 * an answer in TLS or HTTP. So the gateway's TLS and {@link FirstRequest} read them, and the gateway finds the route.
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
    void read(IncomingConnection user, Consumer<IncomingConnection> next);
}
