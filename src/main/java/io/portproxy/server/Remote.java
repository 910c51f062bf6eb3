package io.portproxy.server;

import io.portproxy.mux.Identities;
import io.portproxy.net.EventLoop;
import io.portproxy.net.ListenException;
import io.portproxy.net.Sockets;
import io.portproxy.protocol.ProtocolException;
import io.portproxy.protocol.Reason;
import io.portproxy.tunnel.Tunnel;
import io.portproxy.tunnel.TunnelOwner;
import io.portproxy.tunnel.TunnelSettings;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A remote name as the proxy server knows it: its exposed ports and, while the remote is there, its tunnel. All of that
 * lives on one loop, so a user's connection never changes threads.
 */
final class Remote implements TunnelOwner {
    private static final Logger log = LoggerFactory.getLogger(Remote.class);

    private final RemoteSettings settings;
    private final TunnelSettings tunnelSettings;
    private final EventLoop loop;
    private final Identities identities;
    private final List<ExposedPort> ports = new ArrayList<>();
    private final CompletableFuture<Void> stopped = new CompletableFuture<>();
    private @Nullable Tunnel tunnel; // on the loop
    private boolean stopping; // on the loop

    Remote(RemoteSettings settings, TunnelSettings tunnelSettings, EventLoop loop, Identities identities) {
        this.settings = settings;
        this.tunnelSettings = tunnelSettings;
        this.loop = loop;
        this.identities = identities;
    }

    EventLoop loop() {
        return loop;
    }

    List<ExposedPort> ports() {
        return ports;
    }

    /** Binds the exposed ports; what was bound before a failure is for {@link #closePorts}. */
    void bind() throws ListenException {
        for (PortSettings port : settings.ports()) {
            ports.add(ExposedPort.bind(port, this));
        }
    }

    void start() {
        ports.forEach(ExposedPort::start);
    }

    void closePorts() {
        ports.forEach(ExposedPort::close);
    }

    /** The remote has said its name: its tunnel takes the place of an older one. On the loop. */
    void greeted(SocketChannel channel, String peerAddress, ByteBuffer rest) {
        if (stopping) {
            Sockets.reset(channel);
            return;
        }
        Tunnel old = tunnel;
        Tunnel fresh = new Tunnel(loop, channel, tunnelSettings, true, this);
        tunnel = fresh;
        log.info("remote {} is connected from {}", settings.name(), peerAddress);
        if (old != null) {
            old.lose(Reason.REPLACED, "a newer tunnel from " + peerAddress + " took the name over");
        }
        fresh.start(rest);
    }

    /** A user has connected to one of the ports. On the loop. */
    void accepted(SocketChannel user, ExposedPort port) {
        Tunnel current = tunnel;
        if (current == null || !current.takesStreams()) {
            log.debug(
                    "{}: user {} refused: remote {} {}",
                    port,
                    Sockets.remote(user),
                    settings.name(),
                    current == null ? "is away" : "takes no more streams");
            Sockets.reset(user);
            return;
        }
        try {
            current.openStream(identities.next(), port.settings().targetPort(), user, port.input(user));
        } catch (IOException e) {
            log.debug("{}: a user was gone at once", port, e);
            Sockets.reset(user);
        }
    }

    @Override
    public void initialConnection(Tunnel from, long identity, int targetPort) throws ProtocolException {
        throw new ProtocolException("InsInitialConnection, which is the proxy server's to send");
    }

    @Override
    public void closed(Tunnel ended, Reason reason, String detail) {
        log.info(
                "remote {} at {} is disconnected: {}: {}", settings.name(), ended.peerAddress(), reason.text(), detail);
        if (tunnel == ended) {
            tunnel = null;
            if (stopping) {
                stopped.complete(null);
            }
        }
    }

    /** Stops listening, then lets the streams end. Any thread. */
    CompletableFuture<Void> stop(Duration grace) {
        closePorts();
        boolean running = loop.tryExecute(() -> {
            stopping = true;
            if (tunnel == null) {
                stopped.complete(null);
            } else {
                tunnel.drain(grace);
            }
        });
        if (!running) {
            stopped.complete(null);
        }
        return stopped;
    }
}
