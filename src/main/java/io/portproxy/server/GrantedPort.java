package io.portproxy.server;

import io.portproxy.server.exposed.ExposedPort;
import io.portproxy.server.exposed.Route;
import java.net.InetSocketAddress;
import java.util.Collection;

/** A port that a remote has asked for. On the thread of {@link GrantThread}, unless a method says otherwise. */
final class GrantedPort extends Granted {

    private final ExposedPort port;

    GrantedPort(ExposedPort port) {
        super(port.loop());
        this.port = port;
    }

    /** The port itself. Any thread. */
    ExposedPort port() {
        return port;
    }

    /** The address that users connect to. Any thread. */
    InetSocketAddress address() {
        return (InetSocketAddress) port.address().first(); // a unix socket is never granted
    }

    /** The port's number. Any thread. */
    int number() {
        return address().getPort();
    }

    @Override
    Route route() {
        return port.route();
    }

    @Override
    Collection<Route> routes() {
        return port.routes();
    }

    @Override
    String bound() {
        return port.bound();
    }
}
