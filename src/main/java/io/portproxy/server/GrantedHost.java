package io.portproxy.server;

import io.portproxy.net.EventLoop;
import io.portproxy.protocol.Exposed;
import io.portproxy.server.exposed.Route;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** A host at gateways that a remote has asked for. At the {@link Desk}, where nothing else is said. */
final class GrantedHost extends Granted {
    private final Hosted hosted;
    private Optional<Exposed> told = Optional.empty();

    /** @param clock says when the last asker went */
    GrantedHost(Hosted hosted, EventLoop clock) {
        super(clock);
        this.hosted = hosted;
    }

    /** Which host, and where it leads. Any thread. */
    Hosted hosted() {
        return hosted;
    }

    /**
     * Remembers what its remote is told of where users reach it.
     *
     * @param now by the number 0; empty: nowhere just now
     * @return whether that is something else than what was told before
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
