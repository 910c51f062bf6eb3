package io.portproxy.server;

import io.portproxy.net.EventLoop;
import io.portproxy.protocol.Exposed;
import io.portproxy.server.exposed.Route;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** A host at gateways that a remote has asked for. On the thread of {@link GrantThread}, unless a method says otherwise. */
final class GrantedHost extends Granted {
    private final Hosted hosted;
    private Optional<Exposed> told = Optional.empty();

    /** @param clock the loop whose clock says when the last asker left */
    GrantedHost(Hosted hosted, EventLoop clock) {
        super(clock);
        this.hosted = hosted;
    }

    /** The host and its routes. Any thread. */
    Hosted hosted() {
        return hosted;
    }

    /**
     * Remembers the address that the server tells the remote.
     *
     * @param now the address, with the request number 0; empty if no gateway leads to the host now
     * @return whether it differs from the address before
     */
    boolean tells(Optional<Exposed> now) {
        boolean news = !told.equals(now);
        told = now;
        return news;
    }

    @Override
    Route route() {
        return hosted.route();
    }

    @Override
    Collection<Route> routes() {
        return List.of(route());
    }

    @Override
    String bound() {
        return hosted.settings().text();
    }
}
