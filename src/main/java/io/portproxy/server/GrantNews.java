package io.portproxy.server;

import io.portproxy.protocol.ExposeRefusal;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The events and log lines about the ports and hosts that remotes ask for. Any thread. */
final class GrantNews {
    private static final Logger log = LoggerFactory.getLogger(GrantNews.class);

    private GrantNews() {}

    static void given(Remote remote, Granted fresh) {
        String bound = fresh.bound();
        String target = fresh.route().target();
        remote.events().portExposed(bound, target);
        remote.events()
                .logFields()
                .andPort(bound)
                .log(() -> log.info(
                        "{} is exposed for {} of remote {}, which has asked for it", bound, target, remote.name()));
    }

    static void closed(Remote remote, Granted old, String why) {
        String bound = old.bound();
        remote.events().portClosed(bound, old.route().target(), why);
        remote.events()
                .logFields()
                .andPort(bound)
                .log(() -> log.info("{} is not exposed for remote {} any more: {}", bound, remote.name(), why));
    }

    /** @param where the address that users write now; "nowhere" if no gateway leads to the host */
    static void moved(Remote remote, GrantedHost host, String where) {
        remote.events()
                .logFields()
                .andPort(host.bound())
                .log(() -> log.info("{} of remote {} is reached at {} now", host.bound(), remote.name(), where));
    }

    static void refused(Remote remote, String target, ExposeRefusal reason, String message) {
        remote.events().portRefused(target, reason.key(), message);
        remote.events()
                .logFields()
                .andReason(reason.key())
                .log(() -> log.debug("remote {} gets no port: {}", remote.name(), message));
    }
}
