package io.portproxy.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** A target on 127.0.0.1: a thread for each connection. */
public final class Target implements AutoCloseable {

    /** What a connection does. */
    @FunctionalInterface
    public interface Service {
        /** Serves one connection, which is closed afterwards. */
        void serve(Socket socket) throws IOException;
    }

    private final ServerSocket listener;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();

    /** Starts a target. */
    public Target(Service service) {
        this(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), service);
    }

    /** Starts a target at an address that it is told. */
    public Target(InetSocketAddress address, Service service) {
        this(listener(address), service);
    }

    /** Starts a target at what listens already, which it closes. */
    public Target(ServerSocket listener, Service service) {
        this.listener = listener;
        Thread acceptor = new Thread(() -> accept(service), "target");
        acceptor.setDaemon(true);
        acceptor.start();
    }

    private static ServerSocket listener(InetSocketAddress address) {
        try {
            return new ServerSocket(address.getPort(), 1024, address.getAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A target that sends back what it gets. */
    public static Target echo() {
        return new Target(socket -> {
            socket.setTcpNoDelay(true);
            socket.getInputStream().transferTo(socket.getOutputStream());
        });
    }

    /** Its port. */
    public int port() {
        return listener.getLocalPort();
    }

    /** Connections that are being served. */
    public int connections() {
        return sockets.size();
    }

    private void accept(Service service) {
        while (!listener.isClosed()) {
            try {
                Socket socket = listener.accept();
                sockets.add(socket);
                Thread thread = new Thread(() -> serve(service, socket), "target connection");
                thread.setDaemon(true);
                thread.start();
            } catch (IOException e) {
                return; // closed
            }
        }
    }

    private void serve(Service service, Socket socket) {
        try (socket) {
            service.serve(socket);
        } catch (IOException e) {
            // The test sees at its own end how the connection ended.
        } finally {
            sockets.remove(socket);
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
        for (Socket socket : sockets) {
            socket.close();
        }
    }
}
