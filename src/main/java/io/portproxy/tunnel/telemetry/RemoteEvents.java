package io.portproxy.tunnel.telemetry;

import io.portproxy.net.LogFields;
import io.portproxy.protocol.Reason;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reports what happens to one remote, as one role sees it. Any thread. A call costs as much as the sink takes. */
public final class RemoteEvents {
    private static final Logger log = LoggerFactory.getLogger(RemoteEvents.class);

    private static final long NONE = -1;

    private final EventSink sink;
    private final boolean server;
    private final String remote;

    /**
     * @param sink who is told
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

    /** For a log line about the remote. */
    public LogFields logFields() {
        return LogFields.remote(remote);
    }

    /** It has its first tunnel. */
    public void remoteUp(String address) {
        tell(Event.Type.REMOTE_UP, address, "", NONE, "");
    }

    /** It has lost its last tunnel. */
    public void remoteDown(String address, Reason reason) {
        tell(Event.Type.REMOTE_DOWN, address, reason.key(), NONE, "");
    }

    /** A tunnel has come up. */
    public void tunnelUp(TunnelView tunnel) {
        tell(Event.Type.TUNNEL_UP, tunnel.address(), "", NONE, tunnel.dialect() + ", " + tunnel.security());
    }

    /**
     * A tunnel has ended.
     *
     * @param detail what happened, as the log says it
     */
    public void tunnelDown(TunnelView tunnel, Reason reason, String detail) {
        long lasted = Duration.between(tunnel.since(), Instant.now()).toNanos();
        tell(Event.Type.TUNNEL_DOWN, tunnel.address(), reason.key(), Math.max(0, lasted), detail);
    }

    /** A connection to the tunnel port came to nothing. */
    public void greetingRefused(String address, String reason, String why) {
        tell(Event.Type.GREETING_REFUSED, address, reason, NONE, why);
    }

    /** It was added while the server runs. */
    public void added() {
        tell(Event.Type.REMOTE_ADDED, "", "", NONE, "");
    }

    /** It, its ports or its tokens were changed while the server runs. */
    public void changed() {
        tell(Event.Type.REMOTE_CHANGED, "", "", NONE, "");
    }

    /** It was removed while the server runs. */
    public void removed() {
        tell(Event.Type.REMOTE_REMOVED, "", "", NONE, "");
    }

    /** A gateway of the server was added, changed or removed. */
    public void gateway(Event.Type type, String name) {
        tell(type, "", "", NONE, "gateway " + name);
    }

    /** A port is exposed that the remote has asked for. */
    public void portExposed(String port, String target) {
        tellOfPort(Event.Type.PORT_EXPOSED, port, target, "", "");
    }

    /** A port that the remote had asked for is closed. */
    public void portClosed(String port, String target, String why) {
        tellOfPort(Event.Type.PORT_CLOSED, port, target, "", why);
    }

    /** An address of the server cannot be listened on. */
    public void bindRefused(String address, String why) {
        tellOfPort(Event.Type.BIND_REFUSED, address, "", "", why);
    }

    /**
     * Little or nothing is left of a quota.
     *
     * @param port whose quota it is; empty for that of the remote
     */
    public void quota(Event.Type type, String port, String message) {
        tellOfPort(type, port, "", "", message);
    }

    /** The remote has asked for a port and gets none. */
    public void portRefused(String target, String reason, String why) {
        tellOfPort(Event.Type.PORT_REFUSED, "", target, reason, why);
    }

    private void tellOfPort(Event.Type type, String port, String target, String reason, String message) {
        tellOfStream(type, port, NONE, "", target, reason, NONE, NONE, NONE, message);
    }

    /** The remote did not get a tunnel from its proxy server. */
    public void dialFailed(String address, String why) {
        tell(Event.Type.DIAL_FAILED, address, "", NONE, why);
    }

    private void tell(Event.Type type, String address, String reason, long lastedNanos, String message) {
        long now = System.currentTimeMillis();
        tell(new Event(type, now, server, remote, address, "", NONE, "", "", reason, NONE, NONE, lastedNanos, message));
    }

    /** A user was reset before there was a stream. */
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

    /** @param message why, where there is more to say than the reason */
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

    /** Who is told must not throw; if it does all the same, what has happened goes on. */
    private void tell(Event event) {
        try {
            sink.happened(event);
        } catch (RuntimeException | Error e) {
            log.error("a bug, or no memory: an event could not be reported", e);
        }
    }
}
