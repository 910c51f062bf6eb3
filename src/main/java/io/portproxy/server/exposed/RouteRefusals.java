package io.portproxy.server.exposed;

import io.portproxy.http.FirstHead;
import io.portproxy.net.EventLoop;
import io.portproxy.net.LogFields;
import io.portproxy.net.LogLimit;
import io.portproxy.net.Sockets;
import io.portproxy.server.exposed.user.Bans;
import io.portproxy.server.exposed.user.HeaderPreface;
import io.portproxy.server.exposed.user.HttpUsers;
import io.portproxy.server.exposed.user.IncomingConnection;
import io.portproxy.server.exposed.user.PortRefusal;
import io.portproxy.server.exposed.user.UserAnswer;
import java.net.InetSocketAddress;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * The users whom a route refuses. Counts and logs them, and resets or answers their connections: a user of HTTP gets an
 * answer where that is possible. Any thread, unless a method says otherwise.
 */
public final class RouteRefusals {
    private static final Logger log = LoggerFactory.getLogger(RouteRefusals.class);

    /** The reason in metrics and in the API when an access list refuses a user. */
    public static final String DENIED = "access";

    /** The most lines in ten seconds about users who were refused; for each of the two kinds of refusals. */
    private static final int LOGGED = 1;

    private static final String NOT_ALLOWED = "an access list does not allow that address";

    private final String port;
    private final String remote;
    private final RouteCounters counters;
    private final Optional<HttpUsers> http;
    private final LogLimit strangers;
    private final LogLimit others;

    /**
     * @param port what users connect to, as text for people
     * @param remote the name of the remote
     * @param counters counts the users
     * @param http answers users, if they speak HTTP
     * @param clock the loop whose clock limits the number of log lines
     */
    RouteRefusals(String port, String remote, RouteCounters counters, Optional<HttpUsers> http, EventLoop clock) {
        this.port = port;
        this.remote = remote;
        this.counters = counters;
        this.http = http;
        this.strangers = new LogLimit(clock::nanoTime, LOGGED);
        this.others = new LogLimit(clock::nanoTime, LOGGED);
    }

    /** Refuses a user whose address is banned. On the loop that has the connection. */
    void banned(IncomingConnection user) {
        stranger(user.addressText(), Bans.REFUSED, "its address is banned");
        user.reset();
    }

    /** Refuses a user whom the access list does not allow. On the loop that has the connection. */
    public void denied(IncomingConnection user) {
        notAllowed(user);
        user.reset();
    }

    /** Refuses a user whom the access list does not allow, and who has sent a request. On the loop that has the connection. */
    public void denied(IncomingConnection user, FirstHead head) {
        notAllowed(user);
        answer(user, head, UserAnswer.forbidden());
    }

    /** Counts and logs a user of datagrams whom the access list does not allow. */
    void denied(InetSocketAddress user) {
        stranger(Sockets.text(user), DENIED, NOT_ALLOWED);
    }

    /** Refuses a user who has waited and whose address is not admitted any more. On the loop that has the connection. */
    public void notAdmitted(IncomingConnection user) {
        if (user.isBanned()) {
            banned(user);
        } else {
            notAllowed(user);
            answerLate(user, UserAnswer.forbidden());
        }
    }

    /** Counts and logs a connection that does not begin as it must. The caller resets it. */
    void badHeader(IncomingConnection user, String why) {
        stranger(user.addressText(), HeaderPreface.REFUSED, why);
    }

    /** Answers a request that goes to no target; resets a user who does not speak HTTP. On the loop that has the connection. */
    void answer(IncomingConnection user, FirstHead head, UserAnswer answer) {
        http.ifPresentOrElse(users -> users.answer(user, head, answer), user::reset);
    }

    /** Refuses a user before the stream opens. On the loop that has the connection. */
    public void refuse(IncomingConnection user, PortRefusal why) {
        count(why);
        answerLate(user, UserAnswer.of(why));
    }

    /** Counts a user who is refused before the stream opens. The caller ends the user's session. */
    public void count(PortRefusal why) {
        counters.refused(why);
    }

    /** Counts a user who was refused for a reason that is not a {@link PortRefusal}, by a short key. */
    void count(String why) {
        counters.turnedAway(why);
    }

    /**
     * Logs a user who is refused before the stream opens.
     *
     * @param user the user's address, as text for people
     */
    public void tell(String user, PortRefusal why) {
        LogFields.remote(remote)
                .andPort(port)
                .andReason(why.key())
                .log(() -> others.log(
                        log, Level.INFO, "port {}: user {} refused: remote {} {}", port, user, remote, why.text()));
    }

    private void notAllowed(IncomingConnection user) {
        user.failed();
        stranger(user.addressText(), DENIED, NOT_ALLOWED);
    }

    private void stranger(String user, String reason, String text) {
        count(reason);
        LogFields.remote(remote)
                .andPort(port)
                .andReason(reason)
                .log(() -> strangers.log(log, Level.INFO, "port {}: user {} refused: {}", port, user, text));
    }

    private void answerLate(IncomingConnection user, UserAnswer answer) {
        http.ifPresentOrElse(users -> users.answerLate(user, answer), user::reset);
    }
}
