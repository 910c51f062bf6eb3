package io.portproxy.server;

import io.portproxy.server.exposed.ExposedPort;
import io.portproxy.server.exposed.Route;
import io.portproxy.tunnel.Carrier;
import java.util.Collection;

/** A port that a remote has asked for. At the {@link Desk}, where nothing else is said. */
final class GrantedPort extends Granted {

    /**
     * A request that something granted answers.
     *
     * @param tunnel in which it was made
     * @param carrier the tunnel, to answer
     * @param number the request's
     */
    record Asker(RemoteTunnel tunnel, Carrier carrier, int number) {
        boolean isSame(Asker other) {
            return tunnel == other.tunnel && number == other.number;
        }
    }

    private final ExposedPort port;

    GrantedPort(ExposedPort port) {
        super(port.loop());
        this.port = port;
    }

    /** Any thread. */
    ExposedPort port() {
        return port;
    }

    /** The port's number. Any thread. */
    int number() {
        return port.address().getPort();
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

    @Override
    void takeBack(Remote remote) {
        remote.takeBack(this);
    }
}
