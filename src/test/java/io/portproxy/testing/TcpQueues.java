package io.portproxy.testing;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * Reads the sizes of the operating system's socket buffers, so that a test can split a message where it wants: it sends the next piece
 * when the program has read the one before. On systems without that table (other than Linux) pieces may be joined.
 */
final class TcpQueues {
    private static final Path TABLE = Path.of("/proc/net/tcp");

    private TcpQueues() {}

    /** Waits until the other end of an IPv4 connection, on this machine, has read all that was sent. */
    static void awaitRead(Socket socket) {
        if (Files.isReadable(TABLE)) {
            String ours = port(socket.getLocalPort());
            String theirs = port(socket.getPort());
            await().pollDelay(Duration.ZERO)
                    .pollInterval(Duration.ofMillis(1))
                    .until(() -> isEmpty(ours, theirs) && isEmpty(theirs, ours));
        }
    }

    private static String port(int number) {
        return String.format(":%04X", number);
    }

    /** Returns whether the socket with that local and that remote port has nothing unread, or does not exist. */
    private static boolean isEmpty(String local, String remote) {
        try {
            List<String> lines = Files.readAllLines(TABLE);
            return lines.stream()
                    .map(line -> line.trim().split("\\s+"))
                    .filter(fields -> fields[1].endsWith(local) && fields[2].endsWith(remote))
                    .allMatch(fields -> fields[4].equals("00000000:00000000"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
