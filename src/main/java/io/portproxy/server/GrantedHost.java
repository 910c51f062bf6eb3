package io.portproxy.server;

import io.portproxy.net.EventLoop;
import io.portproxy.server.exposed.Route;
import java.util.Collection;
import java.util.List;

/** A host at gateways that a remote has asked for. At the {@link Desk}, where nothing else is said. */
final class GrantedHost extends Granted {
    private final Hosted hosted;

    /** @param clock says when the last asker went */
    GrantedHost(Hosted hosted, EventLoop clock) {
        super(clock);
        this.hosted = hosted;
    }

    /** Which host, and where it leads. Any thread. */
    Hosted hosted() {
        return hosted;
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
