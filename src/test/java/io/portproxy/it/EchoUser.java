package io.portproxy.it;

import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** A user of an exposed port with an echo service behind it. */
final class EchoUser implements AutoCloseable {
    private static final byte[] MESSAGE = "through the tunnel and back".getBytes(StandardCharsets.US_ASCII);
    private static final int PATIENCE_MILLIS = 20_000;

    private final Socket socket = new Socket();

    /**
     * Connects to the port.
     *
     * @throws IOException the port refuses the connection
     */
    EchoUser(int port) throws IOException {
        try {
            socket.setSoTimeout(PATIENCE_MILLIS);
            socket.connect(TwoProcesses.address(port), PATIENCE_MILLIS);
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    /**
     * Returns whether a message comes back unchanged; false if the connection is closed instead.
     *
     * @throws IOException the connection is reset, or nothing comes in time
     */
    boolean isAnswered() throws IOException {
        socket.getOutputStream().write(MESSAGE);
        return Arrays.equals(socket.getInputStream().readNBytes(MESSAGE.length), MESSAGE);
    }

    /** Returns whether a new user of that port is served. */
    static boolean isServed(int port) {
        try (EchoUser user = new EchoUser(port)) {
            return user.isAnswered();
        } catch (IOException e) {
            return false;
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
