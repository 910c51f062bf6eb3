package io.portproxy.server;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * The time limits of granted ports and hosts. While its remote is away, a port or host is kept for the time that the
 * grant allows, and then taken back. On the thread of {@link GrantThread}.
 */
final class GrantExpiry {
    /** The owner of the remotes. */
    interface Owner {
        /** The current remotes. Any thread. */
        Collection<Remote> all();

        /** Runs a task unless the server has stopped. Returns whether it ran. */
        boolean unlessStopped(Runnable task);

        /** Removes a remote of a template if it has no tunnel, port or host left. */
        void forgetIfIdle(Remote remote);
    }

    private final Owner remotes;
    private final Gateways gateways;
    private final GrantThread grantThread;
    private final GrantTotals totals;

    /**
     * @param gateways the gateways that lead to granted hosts
     * @param totals keeps the counts of what is taken back
     */
    GrantExpiry(Owner remotes, Gateways gateways, GrantThread grantThread, GrantTotals totals) {
        this.remotes = remotes;
        this.gateways = gateways;
        this.grantThread = grantThread;
        this.totals = totals;
    }

    /**
     * Removes requests of a remote. A port or host that no request asks for any more is kept for the time that the
     * grant allows.
     */
    void leave(Remote remote, Predicate<Asker> who) {
        for (Granted one : all(remote)) {
            if (one.remove(who)) {
                Duration sticky = remote.settings().grant().map(Grant::sticky).orElse(Duration.ZERO);
                one.keep(grantThread.after(sticky, () -> expire(remote, one)).orElse(null));
            }
        }
    }

    private static List<Granted> all(Remote remote) {
        return Stream.<Granted>concat(remote.exposed().granted().stream(), remote.exposed().grantedHosts().stream())
                .toList();
    }

    private void expire(Remote remote, Granted old) {
        if (!old.isWanted() && all(remote).contains(old)) {
            close(remote, old, "its remote was away for as long as it is kept");
            remotes.unlessStopped(() -> gateways.lead(remotes.all()));
            remotes.forgetIfIdle(remote);
        }
    }

    /** Takes a port or host back; its streams continue. After a host, the caller has to update the gateways. */
    void close(Remote remote, Granted old, String why) {
        if (old instanceof GrantedPort port) {
            remote.exposed().takeBack(port);
        } else if (old instanceof GrantedHost host) {
            remote.exposed().takeBack(host);
        }
        totals.closed(remote.grantedBy(), old.route());
        old.keep(null);
        GrantNews.closed(remote, old, why);
    }
}
