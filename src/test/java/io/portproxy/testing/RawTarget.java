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

    /** A target that takes connections. */
    public static RawTarget open() throws IOException {
        return open(50);
    }

    /** A target that takes connections, so many of them also before anybody accepts them. */
    public static RawTarget open(int backlog) throws IOException {
        return new RawTarget(backlog);
    }

    /** A target that answers no connection: the operating system's queue of those to be accepted is full. */
    public static RawTarget hanging() throws IOException {
        RawTarget target = new RawTarget(1);
        while (target.takesAnother()) {
            // Until one is not answered.
        }
        return target;
    }

    /** A port that nothing listens on. */
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

    /** Lets connections in that a full queue has kept waiting. */
    public void letIn() throws IOException {
        for (Socket filler : fillers) {
            listener.accept().close();
            filler.close();
        }
        fillers.clear();
    }

    /** Its address. */
    public InetSocketAddress address() {
        return (InetSocketAddress) listener.getLocalSocketAddress();
    }

    /** Its port. */
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
