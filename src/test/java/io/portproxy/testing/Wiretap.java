package io.portproxy.testing;

import io.portproxy.protocol.Dialect;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/** Relays tunnels between a remote and a proxy server, and records each instruction before it passes it on. */
public final class Wiretap implements AutoCloseable {
    private final ServerSocket listener;
    private final InetSocketAddress server;
    private final List<String> transcript = new CopyOnWriteArrayList<>();
    private final List<Socket> sockets = new CopyOnWriteArrayList<>();
    private final List<Direction> directions = new CopyOnWriteArrayList<>();

    /** Listens for remotes of the server. */
    public Wiretap(InetSocketAddress server) throws IOException {
        this.server = server;
        listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        start(this::accept);
    }

    /** Returns the address where remotes connect. */
    public InetSocketAddress address() {
        return (InetSocketAddress) listener.getLocalSocketAddress();
    }

    /** Returns the instructions so far, in order: the sender, the receiver, and all bytes in hexadecimal. */
    public List<String> transcript() {
        return List.copyOf(transcript);
    }

    /** Returns the number of bytes received that do not form a whole instruction. */
    public int leftOver() {
        return directions.stream().mapToInt(Direction::leftOver).sum();
    }

    private static void start(Runnable task) {
        Thread thread = new Thread(task, "wiretap");
        thread.setDaemon(true);
        thread.start();
    }

    private void accept() {
        try {
            while (true) {
                Socket remote = listener.accept();
                Socket dialled = new Socket(server.getAddress(), server.getPort());
                remote.setTcpNoDelay(true);
                dialled.setTcpNoDelay(true);
                sockets.addAll(List.of(remote, dialled));
                relay(new Direction("remote to server: ", remote, dialled));
                relay(new Direction("server to remote: ", dialled, remote));
            }
        } catch (IOException e) {
            // Closed, or the server has gone.
        }
    }

    private void relay(Direction direction) {
        directions.add(direction);
        start(direction::relay);
    }

    @Override
    public void close() throws IOException {
        listener.close();
        for (Socket socket : sockets) {
            socket.close();
        }
    }

    private final class Direction {
        private final String name;
        private final Socket from;
        private final Socket to;
        private byte[] undecoded = new byte[0];

        Direction(String name, Socket from, Socket to) {
            this.name = name;
            this.from = from;
            this.to = to;
        }

        void relay() {
            byte[] chunk = new byte[64 * 1024];
            try {
                for (int n = from.getInputStream().read(chunk);
                        n >= 0;
                        n = from.getInputStream().read(chunk)) {
                    record(chunk, n);
                    to.getOutputStream().write(chunk, 0, n);
                }
                to.shutdownOutput();
            } catch (IOException e) {
                // One end has closed. The other is closed with the wiretap.
            }
        }

        private synchronized void record(byte[] chunk, int length) {
            byte[] bytes = Arrays.copyOf(undecoded, undecoded.length + length);
            System.arraycopy(chunk, 0, bytes, undecoded.length, length);
            for (Optional<Instruction> next = Instruction.parse(Dialect.CLASSIC, bytes);
                    next.isPresent();
                    next = Instruction.parse(Dialect.CLASSIC, bytes)) {
                transcript.add(name + next.get().hex());
                bytes = Arrays.copyOfRange(bytes, next.get().length(), bytes.length);
            }
            undecoded = bytes;
        }

        synchronized int leftOver() {
            return undecoded.length;
        }
    }
}
