package io.portproxy.server.exposed.user;

import io.portproxy.http.FirstHead;
import io.portproxy.http.HttpRequestRewriter;
import io.portproxy.http.HttpRewriteSettings;
import io.portproxy.http.RequestView;
import io.portproxy.http.RouteMatch;
import io.portproxy.net.EventLoop;
import io.portproxy.net.LogLimit;
import io.portproxy.tunnel.stream.StreamInput;
import java.net.InetAddress;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * The users of a route of {@code type: http}: has them log in, reads their requests, and answers them when there is no
 * target that answers. On the loop that has the connection, unless a method says otherwise.
 */
public final class HttpUsers {
    private static final Logger log = LoggerFactory.getLogger(HttpUsers.class);

    /** The most lines in ten seconds about answers of the target that did not pass. */
    private static final int FAULTS_LOGGED = 1;

    private final HttpRewriteSettings settings;
    private final Names names;
    private final Function<EventLoop, RequestTotals> totals;
    private final LateAnswers lateAnswers = new LateAnswers();
    private final LogLimit faults;
    private final Optional<BasicAuthGate> login;

    /**
     * What the logs say about the requests.
     *
     * @param port what users connect to
     * @param remote the name of the remote
     * @param target the target as the remote sees it
     */
    public record Names(String port, String remote, String target) {}

    /**
     * @param totals returns the counters for requests on a loop
     * @param notLoggedIn gets the reason when a user may not log in, as a short key
     * @param clock the loop whose clock limits the number of log lines
     */
    public HttpUsers(
            HttpRewriteSettings settings,
            Names names,
            Function<EventLoop, RequestTotals> totals,
            Consumer<String> notLoggedIn,
            EventLoop clock) {
        this.settings = settings;
        this.names = names;
        this.totals = totals;
        this.faults = new LogLimit(clock::nanoTime, FAULTS_LOGGED);
        this.login = settings.auth().map(auth -> new BasicAuthGate(auth, settings, notLoggedIn, this::answer));
    }

    /**
     * Whether users must log in, so that the server reads the head of the first request before the stream opens. Any
     * thread.
     */
    public boolean mustLogIn() {
        return login.isPresent();
    }

    /**
     * Admits a user, or answers the request.
     *
     * @param admitted gets the rule that says which further requests need no new check; on the same loop, at once or
     *     later
     */
    public void admit(IncomingConnection user, FirstHead head, Consumer<RouteMatch> admitted) {
        login.ifPresentOrElse(gate -> gate.admit(user, head, admitted), () -> admitted.accept(RouteMatch.ALL));
    }

    /** Returns the input that reads the user's requests, and passes the target's answers on. */
    public StreamInput input(IncomingConnection user) {
        UserRequests requests = new UserRequests(user, request -> logged(user, request), totals.apply(user.loop()));
        HttpRequestRewriter rewriter = new HttpRequestRewriter(
                settings, user.origin(), user.rerouting().match(), requests);
        return user.watched(new HttpStreamInput(
                user,
                rewriter,
                requests,
                settings.requestTimeout().orElse(user.rerouting().headTimeout()),
                settings.responseTimeout(),
                lateAnswers,
                this::targetFault));
    }

    /** Answers a request whose head was read, and ends the connection. */
    public void answer(IncomingConnection user, FirstHead head, UserAnswer answer) {
        UserAnswer whole = answer.with(settings.headers().ofOurs(user.secure()));
        Optional<LoggedRequest> logged =
                user.web().log().isOn() ? Optional.of(logged(user, head.seen())) : Optional.empty();
        if (whole.send(user, head.style(), logged)) {
            totals.apply(user.loop()).answered(answer.status());
        }
    }

    /** Reads the user's request, answers it, and ends the connection. Resets the user if too many others wait for that. */
    public void answerLate(IncomingConnection user, UserAnswer answer) {
        if (!lateAnswers.read(user, settings.maxRequestHead(), answer, this::answer)) {
            user.reset();
        }
    }

    /** Returns the data of a request for the access log. */
    private LoggedRequest logged(IncomingConnection user, Optional<RequestView> request) {
        InetAddress peer = user.address().getAddress();
        InetAddress from = request.map(there -> settings.client(peer, there)).orElse(peer);
        return LoggedRequest.of(user, request, from, names.port(), names.remote());
    }

    /** Logs that an answer of the target did not pass. The user has got an answer of the server instead. */
    private void targetFault(String why) {
        faults.log(
                log,
                Level.WARN,
                "port {} of remote {}: target {}: {}",
                names.port(),
                names.remote(),
                names.target(),
                why);
    }
}
