package io.portproxy.client;

import io.portproxy.net.EventLoop;
import io.portproxy.net.EventLoopGroup;
import io.portproxy.net.Sockets;
import io.portproxy.net.Timers;
import io.portproxy.protocol.Identity;
import io.portproxy.protocol.ProtocolException;
import io.portproxy.protocol.Reason;
import io.portproxy.tunnel.Tunnel;
import io.portproxy.tunnel.TunnelOwner;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The remote's role: keeps a tunnel to the proxy server up and carries its streams to targets on this host. Public
 * methods may be called from any thread; {@link #start} and {@link #stop} once each.
 *
 * <pre>
 *   resolve --> dial --> greet, tunnel up --lost--> wait --> resolve ...
 *      |          |                                   ^
 *      +----------+--------------- failed ------------+
 * </pre>
 */
public final class ProxyClient {
    private static final Logger log = LoggerFactory.getLogger(ProxyClient.class);

    private final ClientSettings settings;
    private final EventLoop loop;
    private final Backoff backoff;
    private final InetAddress loopback;
    private final ExecutorService resolver;
    private final CompletableFuture<Void> stopped = new CompletableFuture<>();
    private volatile boolean connected;
    // All below on the loop.
    private @Nullable Tunnel tunnel;
    private @Nullable Dial dial;
    private Timers.@Nullable Timer timer; // of the wait, or of the next heartbeat
    private boolean stopping;
    private boolean failing; // the first failure has been told at warn
    private boolean proven; // the server has shown that it takes the name, in the tunnel that is up
    private boolean unproven; // the last tunnel ended before that
    private long upSince;

    /**
     * @param settings what to do
     * @param loops the process's loops, which the caller starts and closes
     */
    public ProxyClient(ClientSettings settings, EventLoopGroup loops) {
        this.settings = settings;
        this.loop = loops.next();
        this.backoff =
                new Backoff(settings.backoffInitial(), settings.backoffMax(), RandomGenerator.of("SplittableRandom"));
        this.resolver = Executors.newSingleThreadExecutor(task -> {
            Thread thread = new Thread(task, "resolver");
            thread.setDaemon(true); // a name service that hangs must not keep the process
            return thread;
        });
        try {
            this.loopback = InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
        } catch (UnknownHostException e) {
            throw new IllegalStateException(e); // four bytes are always an address
        }
    }

    /** Begins to dial. */
    public void start() {
        loop.execute(this::resolve);
    }

    /** Whether the tunnel is up. */
    public boolean connected() {
        return connected;
    }

    /**
     * Stops: no new streams, then those there are get a time to end, then they are reset.
     *
     * @param grace how long streams may take
     * @return done when the tunnel is closed
     */
    public CompletableFuture<Void> stop(Duration grace) {
        boolean running = loop.tryExecute(() -> {
            stopping = true;
            resolver.shutdownNow();
            if (tunnel != null) {
                tunnel.drain(grace);
                return;
            }
            cancelTimer();
            if (dial != null) {
                dial.abort();
            }
            stopped.complete(null);
        });
        if (!running) {
            resolver.shutdownNow();
            stopped.complete(null);
        }
        return stopped;
    }

    private void resolve() {
        timer = null;
        if (!stopping) {
            resolver.execute(() -> {
                try {
                    InetAddress[] addresses =
                            InetAddress.getAllByName(settings.server().getHostString());
                    loop.tryExecute(() -> dial(addresses));
                } catch (UnknownHostException e) {
                    loop.tryExecute(
                            () -> failed("the name " + settings.server().getHostString() + " does not resolve"));
                }
            });
        }
    }

    private void dial(InetAddress[] addresses) {
        if (!stopping) {
            List<InetSocketAddress> candidates = Arrays.stream(addresses)
                    .map(address ->
                            new InetSocketAddress(address, settings.server().getPort()))
                    .toList();
            dial = new Dial(loop, candidates, settings.connectTimeout(), new DialOutcome());
            dial.start();
        }
    }

    private void up(SocketChannel channel) {
        Tunnel fresh = new Tunnel(loop, channel, settings.tunnel(), false, new Owner());
        tunnel = fresh;
        upSince = loop.nanoTime();
        connected = true;
        proven = false;
        if (unproven) {
            log.debug("tunnel to {} is up again, for what that is worth", fresh.peerAddress());
        } else {
            log.info("tunnel to {} is up as remote {}", fresh.peerAddress(), settings.name());
            failing = false;
        }
        fresh.sendGreeting(settings.name());
        fresh.start(ByteBuffer.allocate(0));
        beatLater();
    }

    private void beatLater() {
        timer = loop.timers().after(settings.heartbeatInterval().toNanos(), () -> {
            if (tunnel != null) {
                tunnel.sendHeartbeat();
                if (isOld()) {
                    worked();
                }
                beatLater();
            }
        });
    }

    private void failed(String why) {
        long wait = backoff.nextNanos();
        String line = "no tunnel to {} as remote {}: {}; next try in {} ms";
        Object[] details = {Sockets.text(settings.server()), settings.name(), why, wait / 1_000_000};
        if (failing) {
            log.debug(line, details);
        } else {
            log.warn(line + ", then quietly for ever", details);
        }
        failing = true;
        if (!stopping) {
            timer = loop.timers().after(wait, this::resolve);
        }
    }

    /** Whether the tunnel has been up for longer than a server takes that does not know the name. */
    private boolean isOld() {
        return loop.nanoTime() - upSince >= settings.backoffMax().toNanos();
    }

    /** The server takes the name, which the dialect has no answer for: it opened a stream, or let the tunnel stand. */
    private void worked() {
        if (unproven) {
            log.info("tunnel to {} as remote {} works again", Sockets.text(settings.server()), settings.name());
        }
        proven = true;
        unproven = false;
        failing = false;
        backoff.reset();
    }

    private void cancelTimer() {
        if (timer != null) {
            timer.cancel();
            timer = null;
        }
    }

    private final class DialOutcome implements Dial.Outcome {
        @Override
        public void connected(SocketChannel channel) {
            dial = null;
            up(channel);
        }

        @Override
        public void failed(IOException cause) {
            dial = null;
            ProxyClient.this.failed(String.valueOf(cause.getMessage()));
        }
    }

    private final class Owner implements TunnelOwner {
        @Override
        public void initialConnection(Tunnel from, long identity, int targetPort) throws ProtocolException {
            worked(); // the server has taken the name: the greeting itself is not answered
            if (targetPort == 0) {
                log.info("stream {}: the server asks for target port 0, which is none", Identity.format(identity));
                from.refuseStream(identity);
            } else {
                from.acceptStream(identity, new InetSocketAddress(loopback, targetPort), settings.connectTimeout());
            }
        }

        @Override
        public void closed(Tunnel ended, Reason reason, String detail) {
            cancelTimer();
            tunnel = null;
            connected = false;
            unproven = !proven && !isOld();
            if (stopping) {
                log.info("tunnel to {} is closed: {}", ended.peerAddress(), detail);
                stopped.complete(null);
            } else {
                failed(reason.text() + ": " + detail);
            }
        }
    }
}
