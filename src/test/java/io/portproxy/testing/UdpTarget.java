package io.portproxy.testing;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** A target on 127.0.0.1 that answers each datagram a given number of times, and counts the addresses that have sent to it. */
public final class UdpTarget implements AutoCloseable {
    private final DatagramSocket socket;
    private final Set<SocketAddress> senders = ConcurrentHashMap.newKeySet();
    private final int answers;

    private UdpTarget(int port, int answers) throws SocketException {
        this.answers = answers;
        socket = new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        socket.setReceiveBufferSize(1 << 20);
        Thread thread = new Thread(this::answer, "udp-target");
        thread.setDaemon(true);
        thread.start();
    }

    /** Starts a target that sends back each datagram once. */
    public static UdpTarget echo() throws SocketException {
        return new UdpTarget(0, 1);
    }

    /** Does the same as {@link #echo()}, at a port that was free a moment ago. */
    public static UdpTarget echo(int port) throws SocketException {
        return new UdpTarget(port, 1);
    }

    /** Starts a target that sends back each datagram that many times. */
    public static UdpTarget chatty(int answers) throws SocketException {
        return new UdpTarget(0, answers);
    }

    private void answer() {
        byte[] buffer = new byte[1 << 16];
        while (!socket.isClosed()) {
            DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
            try {
                socket.receive(packet);
                senders.add(packet.getSocketAddress());
                for (int i = 0; i < answers; i++) {
                    socket.send(packet);
                }
            } catch (IOException e) {
                if (socket.isClosed()) {
                    return;
                }
            }
        }
    }

    /** Returns its port. */
    public int port() {
        return socket.getLocalPort();
    }

    /** Returns the number of addresses that have sent to it. */
    public int senders() {
        return senders.size();
    }

    @Override
    public void close() {
        socket.close();
    }

    /** A user who sends datagrams to an exposed port, from an address of its own. */
    public static final class User implements AutoCloseable {
        private final DatagramSocket socket;
        private final InetSocketAddress to;

        /** Makes a user on 127.0.0.1. */
        public User(InetSocketAddress to) throws SocketException {
            this("127.0.0.1", to);
        }

        /** Makes a user on a given loopback address. */
        public User(String from, InetSocketAddress to) throws SocketException {
            this.to = to;
            socket = new DatagramSocket(new InetSocketAddress(from, 0));
            socket.setReceiveBufferSize(1 << 20);
            socket.setSoTimeout(200);
        }

        /** Returns the address from which the user sends. */
        public InetSocketAddress address() {
            return (InetSocketAddress) socket.getLocalSocketAddress();
        }

        /** Sends one datagram. */
        public void send(byte[] data) throws IOException {
            socket.send(new DatagramPacket(data, data.length, to));
        }

        /** Returns the next datagram that comes within 200 ms; null if none comes. */
        public byte @Nullable [] next() throws IOException {
            byte[] buffer = new byte[1 << 16];
            DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
            try {
                socket.receive(packet);
            } catch (SocketTimeoutException e) {
                return null;
            }
            return Arrays.copyOf(buffer, packet.getLength());
        }

        /** Sends a datagram again and again until an answer comes, and returns the answer. */
        public byte[] ask(byte[] data) throws IOException {
            for (int i = 0; i < 100; i++) {
                send(data);
                byte[] answer = next();
                if (answer != null) {
                    return answer;
                }
            }
            throw new AssertionError("no answer");
        }

        /** Discards the datagrams that have come. */
        public void drain() throws IOException {
            byte[] any;
            do {
                any = next();
            } while (any != null);
        }

        @Override
        public void close() {
            socket.close();
        }
    }
}
