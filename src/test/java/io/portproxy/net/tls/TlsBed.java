package io.portproxy.net.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.portproxy.net.EventLoop;
import io.portproxy.net.EventLoopGroup;
import io.portproxy.net.Listener;
import io.portproxy.net.MemoryBudget;
import io.portproxy.net.Sockets;
import io.portproxy.net.Transport;
import io.portproxy.net.TransportEnd;
import io.portproxy.testing.TestCertificates;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;

/** A listener on one loop and connections from another. Each connection does a TLS handshake or stays plain, as the test asks. */
public final class TlsBed implements AutoCloseable {
    static final Duration LONG = Duration.ofSeconds(60);

    /** The result of one side of a handshake: its end of the connection, or the reason why it failed. */
    public record Result(TransportEnd end, String failure) {
        public TransportEnd up() {
            assertThat(failure).isEmpty();
            return end;
        }
    }

    private final EventLoopGroup loops = new EventLoopGroup("test-tls-", 2, new MemoryBudget(1 << 30));
    private final EventLoop serverLoop = loops.next();
    private final EventLoop clientLoop = loops.next();
    private final BlockingQueue<Result> serverResults = new LinkedBlockingQueue<>();
    private final BlockingQueue<Result> clientResults = new LinkedBlockingQueue<>();
    private final Listener listener;

    TlsResources resources = new TlsResources(2);
    public volatile boolean plainServer;
    volatile Duration serverTimeout = LONG;
    volatile TlsSettings server = settings(TestCertificates.SERVER);
    public volatile TlsSettings client = settings("", TestCertificates.CA);
    volatile TlsHandshake serverHandshake;

    public TlsBed() {
        loops.start();
        try {
            listener = Listener.bind(
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), serverLoop, this::accepted);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        listener.start();
    }

    static TlsSettings settings(String own, String... trusted) {
        SSLContext context = TestCertificates.context(own, trusted);
        return new TlsSettings(() -> context, false);
    }

    static TlsSettings mutual(TlsSettings settings) {
        return new TlsSettings(settings.context(), settings.protocols(), settings.cipherSuites(), true);
    }

    public static TlsSettings only(String protocol, TlsSettings settings) {
        return new TlsSettings(
                settings.context(), List.of(protocol), settings.cipherSuites(), settings.clientCertificate());
    }

    int port() {
        return listener.address().getPort();
    }

    public EventLoop serverLoop() {
        return serverLoop;
    }

    EventLoop clientLoop() {
        return clientLoop;
    }

    private void accepted(SocketChannel socket) {
        if (plainServer) {
            serverResults.add(started(serverLoop, Transport.plain(socket)));
        } else {
            serverHandshake = TlsHandshake.server(serverLoop, socket, server, resources, outcome(serverLoop, true));
            serverHandshake.start(serverTimeout);
        }
    }

    private TlsHandshake.Outcome outcome(EventLoop loop, boolean ofServer) {
        BlockingQueue<Result> results = ofServer ? serverResults : clientResults;
        return new TlsHandshake.Outcome() {
            @Override
            public void connected(Transport transport) {
                assertThat(loop.inLoop()).isTrue();
                results.add(started(loop, transport));
            }

            @Override
            public void failed(String why) {
                results.add(new Result(null, why));
            }
        };
    }

    private static Result started(EventLoop loop, Transport transport) {
        TransportEnd end = new TransportEnd(loop, transport);
        end.start();
        return new Result(end, "");
    }

    /** Connects a TLS client to the listener. */
    public void dial() {
        dial("localhost", port(), LONG);
    }

    public void dial(String host, int port, Duration timeout) {
        SocketChannel socket = socketTo(port);
        TlsHandshake handshake =
                TlsHandshake.client(clientLoop, socket, host, port, client, resources, outcome(clientLoop, false));
        clientLoop.execute(() -> handshake.start(timeout));
    }

    /** Connects a plain client to the listener. */
    public TransportEnd dialPlain() {
        TransportEnd end = new TransportEnd(clientLoop, Transport.plain(socketTo(port())));
        end.onLoop(end::start);
        return end;
    }

    private static SocketChannel socketTo(int port) {
        try {
            SocketChannel socket = SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            Sockets.prepare(socket);
            return socket;
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    public Result serverResult() {
        return next(serverResults);
    }

    public Result clientResult() {
        return next(clientResults);
    }

    private static Result next(BlockingQueue<Result> results) {
        try {
            Result result = results.poll(30, TimeUnit.SECONDS);
            assertThat(result).as("a result").isNotNull();
            return result;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    int loopBuffersInUse() {
        return loops.buffersInUse();
    }

    /** Checks that every buffer has been given back. */
    void assertNothingHeld() {
        await().atMost(Duration.ofSeconds(20)).until(() -> loops.buffersInUse() == 0 && resources.buffersInUse() == 0);
    }

    @Override
    public void close() {
        listener.close();
        loops.close();
        try {
            assertNothingHeld();
            assertThat(serverResults).isEmpty();
            assertThat(clientResults).isEmpty();
        } finally {
            resources.close();
        }
    }
}
