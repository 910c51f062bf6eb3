package io.portproxy.testing;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Stands between remotes and a proxy server and delays every byte. */
public final class SlowPath implements AutoCloseable {
    private final ServerSocket listener;
    private final InetSocketAddress server;
    private final long delayNanos;
    private final List<Socket> sockets = new CopyOnWriteArrayList<>();
    private final ScheduledExecutorService late = Executors.newSingleThreadScheduledExecutor();

    /**
     * Listens for remotes of the server.
     *
     * @param oneWay the delay of each byte
     */
    public SlowPath(InetSocketAddress server, Duration oneWay) throws IOException {
        this.server = server;
        delayNanos = oneWay.toNanos();
        listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        start(this::accept);
    }

    /** Returns the address where remotes connect. */
    public InetSocketAddress address() {
        return (InetSocketAddress) listener.getLocalSocketAddress();
    }

    private static void start(Runnable task) {
        Thread thread = new Thread(task, "slow path");
        thread.setDaemon(true);
        thread.start();
    }

    private void accept() {
        try {
            while (true) {
                Socket remote = listener.accept();
                Socket dialled = new Socket(server.getAddress(), server.getPort());
                for (Socket socket : List.of(remote, dialled)) {
                    socket.setTcpNoDelay(true);
                    sockets.add(socket);
                }
                start(() -> carry(remote, dialled));
                start(() -> carry(dialled, remote));
            }
        } catch (IOException e) {
            // Closed.
        }
    }

    private void carry(Socket from, Socket to) {
        byte[] chunk = new byte[64 * 1024];
        try {
            for (int n = from.getInputStream().read(chunk);
                    n >= 0;
                    n = from.getInputStream().read(chunk)) {
                byte[] bytes = Arrays.copyOf(chunk, n);
                var unused = late.schedule(() -> pass(bytes, to), delayNanos, TimeUnit.NANOSECONDS);
            }
        } catch (IOException e) {
            // The connection was cut: the other half is cut too.
        }
        if (!late.isShutdown()) {
            var unused = late.schedule(() -> close(to), delayNanos, TimeUnit.NANOSECONDS);
        }
    }

    private static void pass(byte[] bytes, Socket to) {
        try {
            to.getOutputStream().write(bytes);
        } catch (IOException e) {
            close(to);
        }
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Override
    public void close() throws IOException {
        late.shutdownNow();
        listener.close();
        sockets.forEach(SlowPath::close);
    }
}
