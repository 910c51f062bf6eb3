package io.portproxy.demo;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A target that sends back what it receives, until the other end stops sending. Uses one thread for each connection. */
final class EchoTarget implements AutoCloseable {
    /** The most connections at a time. The target closes further ones at once. */
    static final int MAX_CONNECTIONS = 64;

    private static final Logger log = LoggerFactory.getLogger(EchoTarget.class);

    private final ServerSocket listener;
    private final ExecutorService threads = DemoThreads.bounded("demo-echo-", MAX_CONNECTIONS + 1);
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();

    /**
     * Starts to listen and to accept connections.
     *
     * @param address where to listen
     * @throws IOException the target cannot listen there
     */
    EchoTarget(InetSocketAddress address) throws IOException {
        listener = new ServerSocket();
        try {
            listener.bind(address);
        } catch (IOException e) {
            listener.close();
            throw e;
        }
        threads.execute(this::accept);
    }

    /** Returns the port on which the target actually listens. */
    int port() {
        return listener.getLocalPort();
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                serve(listener.accept());
            } catch (IOException e) {
                log.debug("the echo target accepts no more", e);
                return;
            }
        }
    }

    private void serve(Socket socket) throws IOException {
        open.add(socket);
        try {
            threads.execute(() -> echo(socket));
        } catch (RejectedExecutionException e) {
            log.debug("the echo target has {} connections and takes no more", MAX_CONNECTIONS);
            open.remove(socket);
            socket.close();
        }
    }

    private void echo(Socket socket) {
        try (socket) {
            socket.setTcpNoDelay(true);
            InputStream in = socket.getInputStream();
            in.transferTo(socket.getOutputStream());
        } catch (IOException e) {
            log.debug("an echo ended", e);
        } finally {
            open.remove(socket);
        }
    }

    /** Stops listening and closes every connection. */
    @Override
    public void close() {
        DemoThreads.closeQuietly(listener);
        open.forEach(DemoThreads::closeQuietly);
        threads.shutdownNow();
    }
}
