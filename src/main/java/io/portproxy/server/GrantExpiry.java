package io.portproxy.server;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** Keeps what remotes have asked for while they are away, for as long as their grants say, then takes it back. At the {@link Desk}. */
final class GrantExpiry {
    /** What it has to know, and tell. */
    interface Owner {
        /** The remotes that there are. Any thread. */
        Collection<Remote> all();

        /** Does something unless the server has stopped; {@code false}: it has. */
        boolean unlessStopped(Runnable task);

        /** It has no port any more, and goes if it is of a template and has no tunnel. */
        void forgetIfIdle(Remote remote);
    }

    private final Owner remotes;
    private final Gateways gateways;
    private final Desk desk;
    private final GrantTotals totals;

    /**
     * @param gateways lead to hosts no more that are taken back
     * @param totals keep what was counted at what is taken back
     */
    GrantExpiry(Owner remotes, Gateways gateways, Desk desk, GrantTotals totals) {
        this.remotes = remotes;
        this.gateways = gateways;
        this.desk = desk;
        this.totals = totals;
    }

    /** Requests of a remote hold no longer; what nobody asks for any more is kept for as long as the grant says. */
    void leave(Remote remote, Predicate<Asker> who) {
        for (Granted one : all(remote)) {
            if (one.remove(who)) {
                Duration sticky = remote.settings().grant().map(Grant::sticky).orElse(Duration.ZERO);
                one.keep(desk.after(sticky, () -> expire(remote, one)).orElse(null));
            }
        }
    }

    private static List<Granted> all(Remote remote) {
        return Stream.<Granted>concat(remote.granted().stream(), remote.grantedHosts().stream())
                .toList();
    }

    private void expire(Remote remote, Granted old) {
        if (!old.isWanted() && all(remote).contains(old)) {
            close(remote, old, "its remote was away for as long as it is kept");
            remotes.unlessStopped(() -> gateways.lead(remotes.all()));
            remotes.forgetIfIdle(remote);
        }
    }

    /** Takes something back; streams stay. Of a host, the gateways are to be led anew then. */
    void close(Remote remote, Granted old, String why) {
        if (old instanceof GrantedPort port) {
            remote.takeBack(port);
        } else if (old instanceof GrantedHost host) {
            remote.takeBack(host);
        }
        totals.closed(remote.grantedBy(), old.route());
        old.keep(null);
        GrantNews.closed(remote, old, why);
    }
}
