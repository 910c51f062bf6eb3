package io.portproxy.testing;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.List;

/** A target on 127.0.0.1 whose connections a test handles one by one. */
public final class RawTarget implements AutoCloseable {
    private static final int PATIENCE_MILLIS = 20_000;
    private static final int CONNECT_MILLIS = 200;

    private final ServerSocket listener;
    private final List<Socket> fillers = new ArrayList<>();
    private final List<PlainSocket> accepted = new ArrayList<>();

    private RawTarget(int backlog) throws IOException {
        listener = new ServerSocket(0, backlog, InetAddress.getLoopbackAddress());
        listener.setSoTimeout(PATIENCE_MILLIS);
    }

    /** Opens a target that accepts connections. */
    public static RawTarget open() throws IOException {
        return open(50);
    }

    /** Opens a target that accepts connections. The operating system queues up to {@code backlog} of them. */
    public static RawTarget open(int backlog) throws IOException {
        return new RawTarget(backlog);
    }

    /** Opens a target that does not answer connection attempts: the operating system's queue is full. */
    public static RawTarget hanging() throws IOException {
        RawTarget target = new RawTarget(1);
        while (target.takesAnother()) {
            // The loop ends at the first connection without an answer.
        }
        return target;
    }

    /** Returns a port on which no program listens. */
    public static int refusingPort() throws IOException {
        try (ServerSocket closed = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return closed.getLocalPort();
        }
    }

    private boolean takesAnother() throws IOException {
        Socket filler = new Socket();
        try {
            filler.connect(listener.getLocalSocketAddress(), CONNECT_MILLIS);
            fillers.add(filler);
            return true;
        } catch (SocketTimeoutException e) {
            filler.close();
            return false;
        }
    }

    /** Empties the full queue, so that the waiting connections are answered. */
    public void letIn() throws IOException {
        for (Socket filler : fillers) {
            listener.accept().close();
            filler.close();
        }
        fillers.clear();
    }

    /** Returns its address. */
    public InetSocketAddress address() {
        return (InetSocketAddress) listener.getLocalSocketAddress();
    }

    /** Returns its port. */
    public int port() {
        return listener.getLocalPort();
    }

    /** Waits for the next connection. */
    public PlainSocket accept() throws IOException {
        PlainSocket connection = PlainSocket.of(listener.accept());
        accepted.add(connection);
        return connection;
    }

    /** Waits until the other side has ended every connection. */
    public void awaitNoConnection() {
        await().until(() ->
                accepted.stream().allMatch(connection -> connection.end().isPresent()));
    }

    @Override
    public void close() throws IOException {
        listener.close();
        for (Socket filler : fillers) {
            filler.close();
        }
        for (PlainSocket connection : accepted) {
            connection.close();
        }
    }
}
