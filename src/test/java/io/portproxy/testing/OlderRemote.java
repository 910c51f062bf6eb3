package io.portproxy.testing;

import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A remote that behaves like the older program. It gives up its whole tunnel if the server closes a stream that the remote has already
 * closed.
 */
public final class OlderRemote implements AutoCloseable {
    private final Socket tunnel;
    private final InetSocketAddress target;
    private final Map<Long, Socket> targets = new ConcurrentHashMap<>();
    private volatile Optional<String> lost = Optional.empty();

    /** Dials a proxy server and greets. All streams go to the same target. */
    public OlderRemote(InetSocketAddress server, String name, InetSocketAddress target) throws IOException {
        this.target = target;
        tunnel = new Socket(server.getAddress(), server.getPort());
        tunnel.setTcpNoDelay(true);
        send(Instruction.greeting(name));
        start(this::read);
    }

    /** Returns why the remote has given up its tunnel; empty if it has not. */
    public Optional<String> lost() {
        return lost;
    }

    /** Returns the number of streams that the remote has not closed. */
    public int streams() {
        return targets.size();
    }

    private static void start(Runnable task) {
        Thread thread = new Thread(task, "older remote");
        thread.setDaemon(true);
        thread.start();
    }

    private synchronized void send(Instruction instruction) throws IOException {
        tunnel.getOutputStream().write(Instruction.packet(instruction));
    }

    private void read() {
        try {
            DataInputStream in = new DataInputStream(tunnel.getInputStream());
            while (true) {
                int code = in.readUnsignedShort();
                long identity = (long) in.readUnsignedShort() << 32 | Integer.toUnsignedLong(in.readInt());
                switch (code) {
                    case 0x0001 -> {
                        in.readUnsignedShort(); // the port: there is one target
                        open(identity);
                    }
                    case 0x0003 -> deliver(identity, in.readNBytes(in.readInt()));
                    default -> closed(identity);
                }
            }
        } catch (IOException e) {
            if (!tunnel.isClosed()) {
                lost = Optional.of(e.toString());
            }
        }
    }

    private void open(long identity) throws IOException {
        Socket socket = new Socket(target.getAddress(), target.getPort());
        targets.put(identity, socket);
        start(() -> relay(identity, socket));
    }

    private void deliver(long identity, byte[] data) throws IOException {
        Socket socket = targets.get(identity);
        if (socket != null) {
            socket.getOutputStream().write(data);
        }
    }

    private void closed(long identity) throws IOException {
        Socket socket = targets.remove(identity);
        if (socket == null) {
            lost = Optional.of("a stream is closed that was closed before: " + Long.toHexString(identity));
            tunnel.close();
        } else {
            socket.close();
        }
    }

    private void relay(long identity, Socket socket) {
        byte[] chunk = new byte[8192];
        try {
            for (int n = socket.getInputStream().read(chunk);
                    n >= 0;
                    n = socket.getInputStream().read(chunk)) {
                send(Instruction.data(identity, java.util.Arrays.copyOf(chunk, n)));
            }
        } catch (IOException e) {
            // The target has gone, or this side has closed it.
        }
        try (socket) {
            if (targets.remove(identity) != null) {
                send(Instruction.closeConnection(identity));
            }
        } catch (IOException e) {
            // The tunnel has gone.
        }
    }

    @Override
    public void close() throws IOException {
        tunnel.close();
        for (Socket socket : targets.values()) {
            socket.close();
        }
    }
}
