package io.portproxy.server;

import io.portproxy.mux.Identities;
import io.portproxy.net.EventLoop;
import io.portproxy.net.EventLoopGroup;
import io.portproxy.net.ListenException;
import io.portproxy.net.Listener;
import io.portproxy.net.Sockets;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The proxy server's role: takes tunnels from remotes and exposes the ports configured for their names. Its methods may
 * be called from any thread; each once.
 */
public final class ProxyServer {
    private static final Logger log = LoggerFactory.getLogger(ProxyServer.class);

    private final ServerSettings settings;
    private final EventLoop loop; // of the tunnel listener and the greetings
    private final Map<String, Remote> remotes = new HashMap<>();
    private final List<Remote> inOrder = new ArrayList<>();
    private final Set<Greeting> greetings = new HashSet<>(); // on the loop
    private @Nullable Listener listener;

    /**
     * @param settings what to expose
     * @param loops the process's loops, which the caller starts and closes
     */
    public ProxyServer(ServerSettings settings, EventLoopGroup loops) {
        this.settings = settings;
        this.loop = loops.next();
        Identities identities = new Identities(Instant.now());
        for (RemoteSettings remote : settings.remotes()) {
            Remote created = new Remote(remote, settings.tunnel(), loops.next(), identities);
            inOrder.add(created);
            if (remotes.put(remote.name(), created) != null) {
                throw new IllegalArgumentException("remote name " + remote.name() + " twice");
            }
        }
    }

    /**
     * Binds every port, then begins to listen: either all of it or nothing.
     *
     * @throws ListenException one of the addresses cannot be listened on
     */
    public void start() throws ListenException {
        try {
            for (Remote remote : inOrder) {
                remote.bind();
            }
            listener = Listener.bind(settings.bind(), loop, this::accepted);
        } catch (ListenException e) {
            inOrder.forEach(Remote::closePorts);
            throw e;
        }
        // Users first: a remote that finds its name ready also finds its ports open.
        inOrder.forEach(Remote::start);
        listener.start();
    }

    /**
     * Where remotes connect.
     *
     * @throws IllegalStateException not started
     */
    public InetSocketAddress tunnelAddress() {
        if (listener == null) {
            throw new IllegalStateException("not started");
        }
        return listener.address();
    }

    /** The exposed addresses in the order of the settings. */
    public List<InetSocketAddress> exposedAddresses() {
        return inOrder.stream()
                .flatMap(remote -> remote.ports().stream())
                .map(ExposedPort::address)
                .toList();
    }

    /**
     * Stops: listeners first, so that nothing new comes; then streams get a time to end; then what is left is reset.
     *
     * @param grace how long streams may take
     * @return done when no tunnel is left
     */
    public CompletableFuture<Void> stop(Duration grace) {
        if (listener != null) {
            listener.close();
        }
        loop.tryExecute(() -> List.copyOf(greetings).forEach(Greeting::abort));
        return CompletableFuture.allOf(
                inOrder.stream().map(remote -> remote.stop(grace)).toArray(CompletableFuture<?>[]::new));
    }

    private void accepted(SocketChannel channel) {
        if (greetings.size() >= settings.maxGreetings()) {
            log.warn(
                    "tunnel from {} refused: {} others are greeting already (max-greetings)",
                    Sockets.remote(channel),
                    greetings.size());
            Sockets.reset(channel);
            return;
        }
        Greeting greeting = new Greeting(loop, channel, new Outcome());
        greetings.add(greeting);
        greeting.start(settings.greetingTimeout());
    }

    private final class Outcome implements Greeting.Outcome {
        @Override
        public void greeted(Greeting greeting, String name, SelectionKey key, ByteBuffer rest) {
            greetings.remove(greeting);
            Remote remote = remotes.get(name);
            if (remote == null) {
                log.info(
                        "tunnel from {} refused: no remote_name \"{}\" is configured",
                        greeting.peerAddress(),
                        printable(name));
                Sockets.close(greeting.channel());
                return;
            }
            if (remote.loop() == loop) {
                remote.greeted(greeting.channel(), greeting.peerAddress(), rest);
                return;
            }
            key.cancel();
            if (!remote.loop().tryExecute(() -> remote.greeted(greeting.channel(), greeting.peerAddress(), rest))) {
                Sockets.reset(greeting.channel());
            }
        }

        @Override
        public void failed(Greeting greeting) {
            greetings.remove(greeting);
        }
    }

    /** A name that anybody may have sent, for one line of a log. */
    private static String printable(String name) {
        return name.replaceAll("\\p{C}", "?");
    }
}
