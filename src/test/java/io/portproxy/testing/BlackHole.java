package io.portproxy.testing;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.List;

/** A loopback address that never answers a connection attempt, because its queue of connections is full. */
public final class BlackHole implements AutoCloseable {
    private static final int PATIENCE_MILLIS = 300;
    private static final int MANY = 20;

    private final ServerSocket listener = new ServerSocket();
    private final List<Socket> queue = new ArrayList<>();

    /** Listens at the address, which was free a moment ago. Port 0 means any free port. */
    public BlackHole(String address, int port) throws IOException {
        listener.bind(new InetSocketAddress(address, port), 1);
        while (answers()) {
            if (queue.size() > MANY) {
                throw new AssertionError("the queue of " + listener + " does not fill up");
            }
        }
    }

    private boolean answers() throws IOException {
        Socket socket = new Socket();
        queue.add(socket);
        try {
            socket.connect(listener.getLocalSocketAddress(), PATIENCE_MILLIS);
            return true;
        } catch (SocketTimeoutException e) {
            return false;
        }
    }

    /** Returns the address. */
    public InetSocketAddress address() {
        return (InetSocketAddress) listener.getLocalSocketAddress();
    }

    @Override
    public void close() throws IOException {
        for (Socket socket : queue) {
            socket.close();
        }
        listener.close();
    }
}
