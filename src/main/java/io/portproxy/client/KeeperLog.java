package io.portproxy.client;

import io.portproxy.net.Durations;
import io.portproxy.net.EventLoop;
import io.portproxy.net.LogFields;
import io.portproxy.protocol.Reason;
import io.portproxy.tunnel.telemetry.TunnelView;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The log lines of a {@link TunnelKeeper}. What repeats is logged only at level debug: failures with the same cause, and tunnels that follow
 * one that did not last. On the tunnel's loop.
 */
final class KeeperLog {
    private static final Logger log = LoggerFactory.getLogger(KeeperLog.class);

    private final ClientContext context;
    private final String server;
    private final EventLoop loop;
    private final FailureLog failures = new FailureLog();
    private boolean lastsAgain = true; // whether a tunnel has been proven since one ended that was not

    /** @param server the server, for people to read */
    KeeperLog(ClientContext context, String server, EventLoop loop) {
        this.context = context;
        this.server = server;
        this.loop = loop;
    }

    /** There is a tunnel. */
    void up(TunnelView view) {
        if (lastsAgain) {
            String line = "tunnel to {} is up as remote {} ({}, {}){}";
            String after = afterFailures();
            fields().log(() -> log.info(line, view.address(), name(), view.dialect(), view.security(), after));
            failures.clear();
        } else {
            String line = "tunnel to {} is up again, but the last one did not last";
            fields().log(() -> log.debug(line, view.address()));
        }
    }

    /** The tunnel is proven, or has shown again that it is. */
    void proven() {
        if (!lastsAgain) {
            String line = "tunnel to {} as remote {} works again{}";
            String after = afterFailures();
            fields().log(() -> log.info(line, server, name(), after));
        }
        lastsAgain = true;
        failures.clear();
    }

    /** The tunnel has ended before it was proven. The next one is logged only when it is proven. */
    void didNotLast() {
        lastsAgain = false;
    }

    /** The tunnel has ended because this side stops. */
    void closed(TunnelView view, Reason reason, String detail) {
        String line = "tunnel to {} as remote {} is closed: {}";
        fields().andReason(reason.key()).log(() -> log.info(line, view.address(), name(), detail));
    }

    /**
     * There is no tunnel.
     *
     * @param reason the key of the reason for which a tunnel was lost; empty if there was no tunnel
     * @param waitNanos the time until the next attempt
     * @param quiet whether another tunnel's log says why
     */
    void failed(String reason, String why, Optional<Throwable> unforeseen, long waitNanos, boolean quiet) {
        String line = "no tunnel to {} as remote {}: {}; next try in {}";
        Object[] details = {server, name(), why, Durations.text(Duration.ofNanos(waitNanos))};
        LogFields fields = fields().andReason(reason);
        if (quiet || !failures.tells(why, loop.nanoTime())) {
            fields.log(() -> log.debug(line, details));
        } else {
            String seen = line + ", and so on; the same cause is logged again after " + FailureLog.AGAIN.toMinutes()
                    + " min" + afterFailures();
            fields.log(() -> log.atWarn().setCause(unforeseen.orElse(null)).log(seen, details));
        }
    }

    /** Returns a text with the number of failures that were logged only at level debug. */
    private String afterFailures() {
        int count = failures.takeQuiet();
        return count == 0 ? "" : " (after " + count + " more failed tries)";
    }

    private String name() {
        return context.settings().name();
    }

    private LogFields fields() {
        return context.events().remote().logFields();
    }
}
