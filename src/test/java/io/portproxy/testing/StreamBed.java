package io.portproxy.testing;

import java.io.IOException;
import java.net.InetSocketAddress;

/**
 * A server and a client with a tunnel between them, and three exposed ports: {@link #ECHO} leads to a target that sends back what it receives,
 * {@link #RAW} to one that the test drives itself, and {@link #REFUSING} to a port that refuses connections.
 */
public final class StreamBed implements AutoCloseable {
    public static final int ECHO = 0;
    public static final int RAW = 1;
    public static final int REFUSING = 2;

    private final Target echo = Target.echo();
    private final RawTarget target = RawTarget.open();
    private final ServerUnderTest server;
    private final ClientUnderTest client;

    /** Starts both, and returns when the client is connected. */
    public StreamBed(Speech speech) throws Exception {
        server = new ServerUnderTest(
                TestSettings.server(speech.remote("r", echo.port(), target.port(), RawTarget.refusingPort())));
        client = new ClientUnderTest(speech.client("r", server.tunnelAddress()));
        client.awaitConnected(server);
    }

    /** Returns the target of {@link #RAW}. */
    public RawTarget target() {
        return target;
    }

    /** Returns the address of an exposed port. */
    public InetSocketAddress exposed(int port) {
        return server.exposed(port);
    }

    /** Connects a user to an exposed port. */
    public PlainSocket user(int port) throws IOException {
        return PlainSocket.connect(exposed(port));
    }

    @Override
    public void close() throws IOException {
        client.close();
        server.close();
        target.close();
        echo.close();
    }
}
