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

    private static final long NONE = -1;

    private final EventSink sink;
    private final boolean server;
    private final String remote;

    /**
     * @param sink receives the events
     * @param server whether this is the proxy server's side
     * @param remote the remote's name; empty where it is not known
     */
    public RemoteEvents(EventSink sink, boolean server, String remote) {
        this.sink = sink;
        this.server = server;
        this.remote = remote;
    }

    String remote() {
        return remote;
    }

    /** Returns the fields of a log line about the remote. */
    public LogFields logFields() {
        return LogFields.remote(remote);
    }

    /** Reports that the remote has its first tunnel. */
    public void remoteUp(String address) {
        tell(Event.Type.REMOTE_UP, address, "", NONE, "");
    }

    /** Reports that the remote has lost its last tunnel. */
    public void remoteDown(String address, Reason reason) {
        tell(Event.Type.REMOTE_DOWN, address, reason.key(), NONE, "");
    }

    /** Reports that a tunnel has come up. */
    public void tunnelUp(TunnelView tunnel) {
        tell(Event.Type.TUNNEL_UP, tunnel.address(), "", NONE, tunnel.dialect() + ", " + tunnel.security());
    }

    /**
     * Reports that a tunnel has ended.
     *
     * @param detail what happened, as the log says it
     */
    public void tunnelDown(TunnelView tunnel, Reason reason, String detail) {
        long lasted = Duration.between(tunnel.since(), Instant.now()).toNanos();
        tell(Event.Type.TUNNEL_DOWN, tunnel.address(), reason.key(), Math.max(0, lasted), detail);
    }

    /** Reports that a connection to the tunnel port did not become a tunnel. */
    public void greetingRefused(String address, String reason, String why) {
        tell(Event.Type.GREETING_REFUSED, address, reason, NONE, why);
    }

    /** Reports that the remote was added while the server runs. */
    public void added() {
        tell(Event.Type.REMOTE_ADDED, "", "", NONE, "");
    }

    /** Reports that the remote, its ports or its tokens were changed while the server runs. */
    public void changed() {
        tell(Event.Type.REMOTE_CHANGED, "", "", NONE, "");
    }

    /** Reports that the remote was removed while the server runs. */
    public void removed() {
        tell(Event.Type.REMOTE_REMOVED, "", "", NONE, "");
    }

    /** Reports that a gateway of the server was added, changed or removed. */
    public void gateway(Event.Type type, String name) {
        tell(type, "", "", NONE, "gateway " + name);
    }

    /** Reports that a port that the remote has asked for is exposed. */
    public void portExposed(String port, String target) {
        tellOfPort(Event.Type.PORT_EXPOSED, port, target, "", "");
    }

    /** Reports that a port that the remote has asked for is closed. */
    public void portClosed(String port, String target, String why) {
        tellOfPort(Event.Type.PORT_CLOSED, port, target, "", why);
    }

    /** Reports that the server cannot listen on an address. */
    public void bindRefused(String address, String why) {
        tellOfPort(Event.Type.BIND_REFUSED, address, "", "", why);
    }

    /**
     * Reports that most of a quota, or all of it, is used.
     *
     * @param port the port that has the quota; empty for a quota of the remote
     */
    public void quota(Event.Type type, String port, String message) {
        tellOfPort(type, port, "", "", message);
    }

    /** Reports that a port that the remote has asked for is refused. */
    public void portRefused(String target, String reason, String why) {
        tellOfPort(Event.Type.PORT_REFUSED, "", target, reason, why);
    }

    private void tellOfPort(Event.Type type, String port, String target, String reason, String message) {
        tellOfStream(type, port, NONE, "", target, reason, NONE, NONE, NONE, message);
    }

    /** Reports that the remote failed to open a tunnel to its proxy server. */
    public void dialFailed(String address, String why) {
        tell(Event.Type.DIAL_FAILED, address, "", NONE, why);
    }

    private void tell(Event.Type type, String address, String reason, long lastedNanos, String message) {
        long now = System.currentTimeMillis();
        tell(new Event(type, now, server, remote, address, "", NONE, "", "", reason, NONE, NONE, lastedNanos, message));
    }

    /** Reports that a user was reset before there was a stream. */
    public void userRefused(String port, String user, String target, String reason) {
        tellOfStream(Event.Type.STREAM_REFUSED, port, NONE, user, target, reason, NONE, NONE, NONE, "");
    }

    public void streamRefused(long identity, Optional<String> user, String target, Reason reason, String why) {
        tellOfStream(
                Event.Type.STREAM_REFUSED, "", identity, user.orElse(""), target, reason.key(), NONE, NONE, NONE, why);
    }

    void streamOpened(String port, long identity, Optional<String> user, String target) {
        tellOfStream(Event.Type.STREAM_OPENED, port, identity, user.orElse(""), target, "", NONE, NONE, NONE, "");
    }

    /**
     * @param message more than the reason says, if there is more
     */
    void streamClosed(
            String port,
            long identity,
            Optional<String> user,
            String target,
            Reason reason,
            long bytesIn,
            long bytesOut,
            long lastedNanos,
            String message) {
        tellOfStream(
                Event.Type.STREAM_CLOSED,
                port,
                identity,
                user.orElse(""),
                target,
                reason.key(),
                bytesIn,
                bytesOut,
                lastedNanos,
                message);
    }

    private void tellOfStream(
            Event.Type type,
            String port,
            long identity,
            String user,
            String target,
            String reason,
            long bytesIn,
            long bytesOut,
            long lastedNanos,
            String message) {
        long now = System.currentTimeMillis();
        tell(new Event(
                type,
                now,
                server,
                remote,
                "",
                port,
                identity,
                user,
                target,
                reason,
                bytesIn,
                bytesOut,
                lastedNanos,
                message));
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
