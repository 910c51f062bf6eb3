package io.portproxy.testing;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** A test's end of a TCP connection. A thread of its own collects the received bytes and sees how the connection ends. */
public final class PlainSocket implements AutoCloseable {

    /** The way in which the other side ended a connection. */
    public enum End {
        /** With a FIN. */
        CLEAN,
        /** With a RST. */
        RESET
    }

    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(20);

    private final Socket socket;
    private final Object lock = new Object();
    private int localPort;
    private byte[] buffer = new byte[1024];
    private int size;
    private boolean reading; // until the end
    private boolean paused;
    private Optional<End> end = Optional.empty();

    private PlainSocket(Socket socket) {
        this.socket = socket;
    }

    /** Takes over a connection and begins to read. */
    static PlainSocket of(Socket socket) throws IOException {
        socket.setTcpNoDelay(true);
        PlainSocket plain = new PlainSocket(socket);
        plain.localPort = socket.getLocalPort();
        plain.startReading();
        return plain;
    }

    /** Connects and begins to read. */
    public static PlainSocket connect(InetSocketAddress address) throws IOException {
        PlainSocket plain = new PlainSocket(new Socket());
        if (plain.dial(address)) {
            plain.startReading();
        }
        return plain;
    }

    /** Connects from a loopback address, such as 127.0.0.2, and begins to read. */
    public static PlainSocket connectFrom(String from, InetSocketAddress address) throws IOException {
        PlainSocket plain = new PlainSocket(new Socket());
        if (plain.dial(InetAddress.getByName(from), address)) {
            plain.startReading();
        }
        return plain;
    }

    /** Connects with small buffers. Does not read before {@link #startReading}. */
    public static PlainSocket connectSlowReader(InetSocketAddress address) throws IOException {
        PlainSocket plain = new PlainSocket(new Socket());
        plain.socket.setReceiveBufferSize(16 * 1024);
        plain.dial(address);
        return plain;
    }

    private boolean dial(InetSocketAddress address) throws IOException {
        return dial(new InetSocketAddress(0).getAddress(), address);
    }

    private boolean dial(InetAddress from, InetSocketAddress address) throws IOException {
        socket.setTcpNoDelay(true);
        socket.bind(new InetSocketAddress(from, 0)); // after a RST in connect(), a socket has no port
        localPort = socket.getLocalPort();
        try {
            socket.connect(address, (int) TimeUnit.NANOSECONDS.toMillis(PATIENCE_NANOS));
            return true;
        } catch (ConnectException e) {
            throw e;
        } catch (SocketException e) {
            end = Optional.of(End.RESET); // the RST came so early that connect() saw it
            return false;
        }
    }

    /** Begins to read. Call it once. */
    public void startReading() {
        synchronized (lock) {
            reading = true;
        }
        Thread reader = new Thread(this::collect, "reader of a test's socket");
        reader.setDaemon(true);
        reader.start();
    }

    private void collect() {
        byte[] chunk = new byte[64 * 1024];
        End how = End.CLEAN;
        try {
            for (int n = read(chunk); n >= 0; n = read(chunk)) {
                synchronized (lock) {
                    if (size + n > buffer.length) {
                        buffer = Arrays.copyOf(buffer, Math.max(2 * buffer.length, size + n));
                    }
                    System.arraycopy(chunk, 0, buffer, size, n);
                    size += n;
                    lock.notifyAll();
                }
            }
        } catch (IOException e) {
            how = End.RESET;
        }
        synchronized (lock) {
            reading = false;
        }
        ended(how);
    }

    /** Records the end. The operating system reports a RST once, to the thread that reads or to a thread that writes. */
    private void ended(End how) {
        synchronized (lock) {
            if (end.isEmpty() || how == End.RESET) {
                end = Optional.of(how);
            }
            lock.notifyAll();
        }
    }

    private int read(byte[] chunk) throws IOException {
        synchronized (lock) {
            while (paused) {
                try {
                    lock.wait();
                } catch (InterruptedException e) {
                    throw new InterruptedIOException();
                }
            }
        }
        return socket.getInputStream().read(chunk);
    }

    /** Pauses reading, or continues it. A read that has already begun can still return bytes once. */
    public void pauseReading(boolean pause) {
        synchronized (lock) {
            paused = pause;
            lock.notifyAll();
        }
    }

    /** Sends bytes with one write. If a RST makes it fail, {@link #awaitEnd} reports that from then on. */
    public void send(byte... bytes) throws IOException {
        try {
            synchronized (socket) {
                socket.getOutputStream().write(bytes);
            }
        } catch (SocketException e) {
            if (String.valueOf(e.getMessage()).contains("reset")) {
                ended(End.RESET);
            }
            throw e;
        }
    }

    /** Sends bytes, and waits until the program has taken them out of its socket. */
    public void sendAndAwaitRead(byte... bytes) throws IOException {
        send(bytes);
        TcpQueues.awaitRead(socket);
    }

    /** Returns the port at this end. */
    public int localPort() {
        return localPort;
    }

    /** Returns the number of bytes received so far. */
    public int size() {
        synchronized (lock) {
            return size;
        }
    }

    /** Returns the received bytes from one index to another. Both must have been received. */
    byte[] received(int from, int to) {
        synchronized (lock) {
            return Arrays.copyOfRange(buffer, from, to);
        }
    }

    /** Returns all bytes received so far. */
    public byte[] received() {
        synchronized (lock) {
            return Arrays.copyOf(buffer, size);
        }
    }

    /** Waits until that many bytes have come in all, and returns everything received by then. */
    public byte[] awaitReceived(int count) throws InterruptedException {
        awaitChange(() -> size >= count || end.isPresent());
        if (size() < count) {
            throw new AssertionError(size + " of " + count + " bytes came, then " + end);
        }
        return received();
    }

    /** Returns how the other side ended the connection; empty if it has not. */
    public Optional<End> end() {
        synchronized (lock) {
            return end;
        }
    }

    /** Waits until the other side ends the connection. All bytes that came before are received by then, unless nobody reads. */
    public End awaitEnd() throws InterruptedException {
        awaitChange(() -> end.isPresent() && (!reading || paused));
        return end.orElseThrow();
    }

    /** Waits until more than that many bytes have come, or the connection has ended. */
    void awaitMoreThan(int count) throws InterruptedException {
        awaitChange(() -> size > count || end.isPresent());
    }

    private void awaitChange(BooleanSupplier condition) throws InterruptedException {
        long deadline = System.nanoTime() + PATIENCE_NANOS;
        synchronized (lock) {
            while (!condition.getAsBoolean()) {
                long left = deadline - System.nanoTime();
                if (left <= 0) {
                    throw new AssertionError("waited in vain; " + size + " bytes have come, end: " + end);
                }
                TimeUnit.NANOSECONDS.timedWait(lock, left + 1_000_000);
            }
        }
    }

    /** Sends a FIN. */
    public void finish() throws IOException {
        socket.shutdownOutput();
    }

    /** Sends a RST. */
    public void reset() throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
