package io.portproxy.tunnel.telemetry;

import io.portproxy.net.LogFields;
import io.portproxy.protocol.Reason;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reports the events of one remote, as one role sees them. Any thread. A call takes as long as the sink takes. */
public final class RemoteEvents {
    private static final Logger log = LoggerFactory.getLogger(RemoteEvents.class);

    private final EventSink sink;
    private final Event.Whose whose;

    /**
     * @param sink receives the events
     * @param server whether this is the proxy server's side
     * @param remote the remote's name; empty where it is not known
     */
    public RemoteEvents(EventSink sink, boolean server, String remote) {
        this.sink = sink;
        this.whose = new Event.Whose(server, remote);
    }

    String remote() {
        return whose.remote();
    }

    /** Returns the fields of a log line about the remote. */
    public LogFields logFields() {
        return LogFields.remote(whose.remote());
    }

    /** Reports that the remote has its first tunnel. */
    public void remoteUp(String address) {
        tell(Event.Type.REMOTE_UP, new Event.Peer(address), Event.Why.NONE);
    }

    /** Reports that the remote has lost its last tunnel. */
    public void remoteDown(String address, Reason reason) {
        tell(Event.Type.REMOTE_DOWN, new Event.Peer(address), Event.Why.reason(reason.key()));
    }

    /** Reports that a tunnel has come up. */
    public void tunnelUp(TunnelView tunnel) {
        Event.Why details = Event.Why.message(tunnel.dialect() + ", " + tunnel.security());
        tell(Event.Type.TUNNEL_UP, new Event.Peer(tunnel.address()), details);
    }

    /**
     * Reports that a tunnel has ended.
     *
     * @param detail what happened, as the log says it
     */
    public void tunnelDown(TunnelView tunnel, Reason reason, String detail) {
        long lasted = Duration.between(tunnel.since(), Instant.now()).toNanos();
        tell(
                Event.Type.TUNNEL_DOWN,
                new Event.Peer(tunnel.address()),
                new Event.Why(reason.key(), detail),
                Event.Amounts.lasted(Math.max(0, lasted)));
    }

    /** Reports that a connection to the tunnel port did not become a tunnel. */
    public void greetingRefused(String address, String reason, String why) {
        tell(Event.Type.GREETING_REFUSED, new Event.Peer(address), new Event.Why(reason, why));
    }

    /** Reports that the remote was added while the server runs. */
    public void added() {
        tell(Event.Type.REMOTE_ADDED, Event.Subject.NONE, Event.Why.NONE);
    }

    /** Reports that the remote, its ports or its tokens were changed while the server runs. */
    public void changed() {
        tell(Event.Type.REMOTE_CHANGED, Event.Subject.NONE, Event.Why.NONE);
    }

    /** Reports that the remote was removed while the server runs. */
    public void removed() {
        tell(Event.Type.REMOTE_REMOVED, Event.Subject.NONE, Event.Why.NONE);
    }

    /** Reports that a gateway of the server was added, changed or removed. */
    public void gateway(Event.Type type, String name) {
        tell(type, Event.Subject.NONE, Event.Why.message("gateway " + name));
    }

    /** Reports that a port that the remote has asked for is exposed. */
    public void portExposed(String port, String target) {
        tell(Event.Type.PORT_EXPOSED, new Event.Port(port, target), Event.Why.NONE);
    }

    /** Reports that a port that the remote has asked for is closed. */
    public void portClosed(String port, String target, String why) {
        tell(Event.Type.PORT_CLOSED, new Event.Port(port, target), Event.Why.message(why));
    }

    /** Reports that the server cannot listen on an address. */
    public void bindRefused(String address, String why) {
        tell(Event.Type.BIND_REFUSED, new Event.Port(address, ""), Event.Why.message(why));
    }

    /**
     * Reports that most of a quota, or all of it, is used.
     *
     * @param port the port that has the quota; empty for a quota of the remote
     */
    public void quota(Event.Type type, String port, String message) {
        tell(type, new Event.Port(port, ""), Event.Why.message(message));
    }

    /** Reports that a port that the remote has asked for is refused. */
    public void portRefused(String target, String reason, String why) {
        tell(Event.Type.PORT_REFUSED, new Event.Port("", target), new Event.Why(reason, why));
    }

    /** Reports that the remote failed to open a tunnel to its proxy server. */
    public void dialFailed(String address, String why) {
        tell(Event.Type.DIAL_FAILED, new Event.Peer(address), Event.Why.message(why));
    }

    /** Reports that a user was reset before there was a stream. */
    public void userRefused(String port, String user, String target, String reason) {
        tell(Event.Type.STREAM_REFUSED, new Event.User(port, user, target), Event.Why.reason(reason));
    }

    /** Reports that the remote has refused a stream. */
    public void streamRefused(long identity, Optional<String> user, String target, Reason reason, String why) {
        tell(
                Event.Type.STREAM_REFUSED,
                new Event.Carried("", identity, user.orElse(""), target),
                new Event.Why(reason.key(), why));
    }

    void streamOpened(Event.Carried stream) {
        tell(Event.Type.STREAM_OPENED, stream, Event.Why.NONE);
    }

    /** @param why its message is empty unless it says more than the reason */
    void streamClosed(Event.Carried stream, Event.Why why, Event.Amounts amounts) {
        tell(Event.Type.STREAM_CLOSED, stream, why, amounts);
    }

    private void tell(Event.Type type, Event.Subject subject, Event.Why why) {
        tell(type, subject, why, Event.Amounts.NONE);
    }

    private void tell(Event.Type type, Event.Subject subject, Event.Why why, Event.Amounts amounts) {
        tell(Event.now(type, whose, subject, why, amounts));
    }

    /**
     * Passes the event to the sink. The sink must not throw. If it does, the error is logged and the caller goes on.
     */
    private void tell(Event event) {
        try {
            sink.happened(event);
        } catch (RuntimeException | Error e) {
            log.error("a bug, or no memory: an event could not be reported", e);
        }
    }
}
