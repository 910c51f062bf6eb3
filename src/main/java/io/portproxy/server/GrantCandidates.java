package io.portproxy.server;

import io.portproxy.net.EventLoop;
import io.portproxy.net.ListenException;
import io.portproxy.net.Sockets;
import io.portproxy.server.exposed.ExposedPort;
import io.portproxy.server.exposed.PortAddress;
import io.portproxy.server.exposed.Preface;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;
import java.util.zip.CRC32;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The ports of a grant that one request may have.
 *
 * @param taken those that were granted already, to whomever
 * @param loop of the listener
 */
record GrantCandidates(Grant grant, Set<InetSocketAddress> taken, EventLoop loop) {
    private static final Logger log = LoggerFactory.getLogger(GrantCandidates.class);

    /** Ports that other programs have, and are tried for one request. */
    private static final int MAX_TRIES = 1024;

    /** Binds that port, if it is free. */
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
     * Binds a port that is free.
     *
     * @param preferred what is tried first, if it is of the grant
     * @param key what is tried then depends on this alone, so that it is the same after a restart
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
