package io.portproxy.server.exposed.user;

import io.portproxy.http.FirstHead;
import io.portproxy.http.RequestView;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The data of a request for the access log.
 *
 * @param sinceNanos when the request's head was complete, on the clock of the loops
 * @param user the address that it came from
 * @param request what the user asked for
 * @param route the host or port that it came by; {@code -} if none
 * @param remote the remote's name; {@code -} if it was for no remote
 */
record LoggedRequest(long sinceNanos, String user, AccessLog.Request request, String route, String remote) {
    private static final String NONE = "-";
    private static final int LONGEST = 1024;

    /** Returns the data of a request that reached no route; empty if there is no log. */
    static Optional<LoggedRequest> of(IncomingConnection user, FirstHead head) {
        return user.web().log().isOn()
                ? Optional.of(of(user, head.seen(), user.address().getAddress(), NONE, NONE))
                : Optional.empty();
    }

    /**
     * Returns the data of a request that came by a route.
     *
     * @param request empty if it could not be read
     * @param from the address that it came from
     */
    static LoggedRequest of(
            IncomingConnection user, Optional<RequestView> request, InetAddress from, String route, String remote) {
        return new LoggedRequest(user.loop().turnNanos(), from.getHostAddress(), asked(request), route, remote);
    }

    private static AccessLog.Request asked(Optional<RequestView> request) {
        return new AccessLog.Request(
                request.map(there -> cut(there.line())).orElse(NONE),
                request.flatMap(there -> there.field("referer"))
                        .map(LoggedRequest::cut)
                        .orElse(NONE),
                request.flatMap(there -> there.field("user-agent"))
                        .map(LoggedRequest::cut)
                        .orElse(NONE),
                request.map(RequestView::hostName)
                        .filter(name -> !name.isEmpty())
                        .map(LoggedRequest::cut)
                        .orElse(NONE));
    }

    /** Shortens a text: heads can be long, and many entries wait for a slow answer or a slow disk. */
    private static String cut(String text) {
        return text.length() <= LONGEST ? text : text.substring(0, LONGEST) + "...";
    }

    /** Writes the finished request to the log. On the loop. */
    void write(IncomingConnection user, OptionalInt status, long bytes, boolean complete) {
        Duration took = Duration.ofNanos(user.loop().turnNanos() - sinceNanos);
        user.web()
                .log()
                .write(new AccessLog.Entry(
                        user.loop().instantOf(sinceNanos),
                        this.user,
                        request,
                        route,
                        remote,
                        new AccessLog.Answer(status.orElse(0), bytes, took, complete)));
    }
}
