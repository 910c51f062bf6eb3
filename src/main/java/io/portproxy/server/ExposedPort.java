package io.portproxy.server;

import io.portproxy.http.HttpRequestRewriter;
import io.portproxy.http.HttpRewriteSettings;
import io.portproxy.net.EventLoop;
import io.portproxy.net.ListenException;
import io.portproxy.net.Listener;
import io.portproxy.net.Sockets;
import io.portproxy.protocol.Open;
import io.portproxy.tunnel.StreamInput;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Optional;

/** A port that users connect to. On its remote's loop. */
final class ExposedPort {
    /** A request refused behind others that the target has not answered waits so long for their responses. */
    private static final Duration HTTP_REFUSAL_TIMEOUT = Duration.ofSeconds(5);

    private final PortSettings settings;
    private final Listener listener;

    private ExposedPort(PortSettings settings, Remote remote) throws ListenException {
        this.settings = settings;
        this.listener = Listener.bind(settings.bind(), remote.loop(), user -> remote.accepted(user, this));
    }

    static ExposedPort bind(PortSettings settings, Remote remote) throws ListenException {
        return new ExposedPort(settings, remote);
    }

    PortSettings settings() {
        return settings;
    }

    InetSocketAddress address() {
        return listener.address();
    }

    void start() {
        listener.start();
    }

    void close() {
        listener.close();
    }

    /**
     * What the remote is told of a user's stream.
     *
     * @throws IOException the user is gone
     */
    Open open(long identity, SocketChannel user) throws IOException {
        return new Open(
                identity,
                settings.targetPort(),
                settings.targetHost(),
                Optional.of(Sockets.text((InetSocketAddress) user.getRemoteAddress())),
                Optional.of(Sockets.text((InetSocketAddress) user.getLocalAddress())),
                Optional.of(settings.http().isPresent() ? "http" : "tcp"),
                Optional.empty());
    }

    /**
     * How a user's bytes are read.
     *
     * @param loop the loop of the user's tunnel
     * @throws IOException the user is gone
     */
    StreamInput input(EventLoop loop, SocketChannel user) throws IOException {
        HttpRewriteSettings http = settings.http().orElse(null);
        if (http == null) {
            return StreamInput.PLAIN;
        }
        InetSocketAddress exposed = (InetSocketAddress) user.getLocalAddress();
        InetAddress address = ((InetSocketAddress) user.getRemoteAddress()).getAddress();
        return new HttpStreamInput(loop, new HttpRequestRewriter(http, exposed, address), HTTP_REFUSAL_TIMEOUT);
    }

    @Override
    public String toString() {
        return "port " + Sockets.text(listener.address());
    }
}
