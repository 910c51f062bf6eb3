package io.portproxy.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** A target on 127.0.0.1 that serves each connection on a thread of its own. */
public final class Target implements AutoCloseable {

    /** Serves the connections of a target. */
    @FunctionalInterface
    public interface Service {
        /** Serves one connection. The target closes it afterwards. */
        void serve(Socket socket) throws IOException;
    }

    private final ServerSocket listener;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();

    /** Starts a target at any free port. */
    public Target(Service service) {
        this(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), service);
    }

    /** Starts a target at the given address. */
    public Target(InetSocketAddress address, Service service) {
        this(listener(address), service);
    }

    /** Starts a target on a socket that already listens. The target closes that socket. */
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

    /** Starts a target that sends back what it receives. */
    public static Target echo() {
        return new Target(socket -> {
            socket.setTcpNoDelay(true);
            socket.getInputStream().transferTo(socket.getOutputStream());
        });
    }

    /** Returns its port. */
    public int port() {
        return listener.getLocalPort();
    }

    /** Returns the number of connections that it is serving. */
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
