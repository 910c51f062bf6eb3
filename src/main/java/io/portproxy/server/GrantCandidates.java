package io.portproxy.server;

import io.portproxy.net.EventLoop;
import io.portproxy.net.ListenException;
import io.portproxy.net.Sockets;
import io.portproxy.server.exposed.ExposedPort;
import io.portproxy.server.exposed.PortAddress;
import io.portproxy.server.exposed.user.Preface;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;
import java.util.zip.CRC32;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The ports of a grant that are possible for one request.
 *
 * @param taken the addresses that are already granted, to this or another remote
 * @param loop the loop of the listener
 */
record GrantCandidates(Grant grant, Set<InetSocketAddress> taken, EventLoop loop) {
    private static final Logger log = LoggerFactory.getLogger(GrantCandidates.class);

    /** The most ports in use by other programs that are tried for one request. */
    private static final int MAX_TRIES = 1024;

    /** Binds that port; empty if it is in use. */
    Optional<ExposedPort> bind(int port) {
        InetSocketAddress address = address(port);
        if (taken.contains(address)) {
            return Optional.empty();
        }
        try {
            return Optional.of(ExposedPort.bind(PortAddress.of(address), loop, Preface.NONE));
        } catch (ListenException e) {
            log.debug("{} cannot be granted, because it is in use", Sockets.text(address), e);
            return Optional.empty();
        }
    }

    /**
     * Binds a free port of the grant; empty if there is none.
     *
     * @param preferred the port to try first, if it is within the grant
     * @param key determines the order of the other ports, so that the remote gets the same port after a restart
     */
    Optional<ExposedPort> bindAny(int preferred, String key) {
        Optional<ExposedPort> bound = grant.has(preferred) ? bind(preferred) : Optional.empty();
        int start = start(key);
        int tries = 0;
        for (int i = 0; i < grant.size() && tries < MAX_TRIES && bound.isEmpty(); i++) {
            int port = grant.first() + (start + i) % grant.size();
            if (!taken.contains(address(port))) {
                tries++;
                bound = bind(port);
            }
        }
        return bound;
    }

    private InetSocketAddress address(int port) {
        return new InetSocketAddress(grant.bind(), port);
    }

    private int start(String key) {
        CRC32 hash = new CRC32();
        hash.update(key.getBytes(StandardCharsets.UTF_8));
        return (int) (hash.getValue() % grant.size());
    }
}
