package io.portproxy.tunnel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.portproxy.mux.MemoryCeiling;
import io.portproxy.testing.Bytes;
import io.portproxy.testing.ClientUnderTest;
import io.portproxy.testing.Encryption;
import io.portproxy.testing.ExtendedSettings;
import io.portproxy.testing.LogRecorder;
import io.portproxy.testing.ServerUnderTest;
import io.portproxy.testing.Target;
import io.portproxy.testing.TestSettings;
import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Tests that the bytes that wait for sockets in the whole process are limited. Readers that stop make their own tunnel wait, and nothing
 * fails because of it.
 */
class ProcessMemoryTest {
    private static final int MIB = 1 << 20;
    private static final int CEILING = MIB;

    /** The number of readers that read nothing while their windows of 256 KiB fill. Together they exceed the ceiling. */
    private static final int READERS = 16;

    private static final int EACH = 6;
    private static final int BUSY = 32;

    /** The bytes that the loop may have read from each of the two tunnels when the total reaches the ceiling. */
    private static final int ONE_READ_EACH = 2 * 256 * 1024;

    private static TunnelSettings patient() {
        Duration longEnough = Duration.ofMinutes(10);
        return TestSettings.tunnel(TestSettings.LIMITS.withStreamBuffer(MIB).withStallTimeout(longEnough))
                .withIdleTimeout(longEnough);
    }

    private static void sendMebibytes(Socket socket, int count) throws IOException {
        byte[] chunk = Bytes.random(1, MIB);
        for (int i = 0; i < count; i++) {
            socket.getOutputStream().write(chunk);
        }
    }

    private static Socket user(ServerUnderTest server, int index) throws IOException {
        Socket user = new Socket();
        user.setReceiveBufferSize(16 * 1024);
        user.connect(server.exposed(index));
        return user;
    }

    /** Reads to the end. Returns whether all bytes were right and the end was a FIN. */
    private static boolean readsAll(Socket user, int mebibytes) {
        byte[] expected = Bytes.random(1, MIB);
        try (user) {
            boolean right = true;
            for (int i = 0; i < mebibytes; i++) {
                right &= Arrays.equals(user.getInputStream().readNBytes(MIB), expected);
            }
            return right && user.getInputStream().read() == -1;
        } catch (IOException e) {
            return false;
        }
    }

    @ParameterizedTest
    @EnumSource
    void readersThatStopHaveTheirTunnelWaitAndFailNothing(Encryption encryption) throws Exception {
        MemoryCeiling memory = new MemoryCeiling(CEILING);
        try (LogRecorder log = new LogRecorder();
                Target source = new Target(socket -> sendMebibytes(socket, EACH));
                Target busySource = new Target(socket -> sendMebibytes(socket, BUSY));
                ServerUnderTest server = new ServerUnderTest(
                        encryption.of(TestSettings.server(
                                        ExtendedSettings.remote("stopped", source.port()),
                                        ExtendedSettings.remote("busy", busySource.port()))
                                .withTunnel(patient())),
                        memory);
                ClientUnderTest stopped = client(encryption, "stopped", server);
                ClientUnderTest busy = client(encryption, "busy", server)) {
            await().until(() -> stopped.connected() && busy.connected());
            List<Socket> readers = new ArrayList<>();
            for (int i = 0; i < READERS; i++) {
                readers.add(user(server, 0));
            }
            await().until(() -> memory.used() > CEILING);
            await().until(() -> !log.linesWith("is not read until").isEmpty());

            assertThat(readsAll(user(server, 1), BUSY)).as("the other tunnel").isTrue();
            assertThat(memory.used()).isBetween((long) CEILING, (long) CEILING + ONE_READ_EACH);

            assertThat(readAllAtOnce(readers)).hasSize(READERS).containsOnly(true);
            await().until(() -> memory.used() == 0);
            assertThat(log.linesWith("is disconnected")).isEmpty();
            assertThat(log.linesWith("stalled")).isEmpty();
        }
    }

    /** Reads all connections at the same time. A single reader would wait for bytes that are behind those of the others. */
    private static List<Boolean> readAllAtOnce(List<Socket> readers) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(readers.size());
        try {
            List<Boolean> results = new ArrayList<>();
            List<Callable<Boolean>> tasks = readers.stream()
                    .map(reader -> (Callable<Boolean>) () -> readsAll(reader, EACH))
                    .toList();
            for (Future<Boolean> result : threads.invokeAll(tasks)) {
                results.add(result.get());
            }
            return results;
        } finally {
            threads.shutdownNow();
        }
    }

    private static ClientUnderTest client(Encryption encryption, String name, ServerUnderTest server) throws Exception {
        return new ClientUnderTest(encryption.of(
                ExtendedSettings.client(name, server.tunnelAddress()).withTunnel(patient())));
    }
}
