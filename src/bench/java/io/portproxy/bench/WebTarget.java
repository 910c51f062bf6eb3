package io.portproxy.bench;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.security.MessageDigest;
import java.util.Random;

/**
 * A web application with a thread for each connection. {@code /events} sends a numbered event each second, without an end.
 * {@code /download/MIB} sends that number of MiB of random bytes, whose digest is {@link #digest}. All other paths get a small answer.
 */
final class WebTarget implements AutoCloseable {
    static final int MIB = 1 << 20;

    private final ServerSocket listener = new ServerSocket(0, 1024, InetAddress.getLoopbackAddress());
    private final byte[] block = new byte[MIB];

    WebTarget() throws IOException {
        new Random(1).nextBytes(block);
        start(this::accept);
    }

    int port() {
        return listener.getLocalPort();
    }

    /** Makes the block with that number from the previous one, so that all blocks differ. */
    private static void change(byte[] bytes, long number) {
        for (int i = 0; i < Long.BYTES; i++) {
            bytes[(int) ((number * 8191 + i * 4099L) % bytes.length)] = (byte) (number >> 8 * i);
        }
    }

    /** Returns the digest of a download. */
    byte[] digest(long mebibytes, MessageDigest digest) {
        byte[] bytes = block.clone();
        for (long i = 0; i < mebibytes; i++) {
            change(bytes, i);
            digest.update(bytes);
        }
        return digest.digest();
    }

    private static void start(Runnable task) {
        Thread thread = new Thread(task, "web-target");
        thread.setDaemon(true);
        thread.start();
    }

    private void accept() {
        try {
            while (true) {
                Socket socket = listener.accept();
                start(() -> serve(socket));
            }
        } catch (IOException e) {
            return; // the listener is closed
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            socket.setTcpNoDelay(true);
            BufferedReader in = new BufferedReader(new InputStreamReader(socket.getInputStream(), ISO_8859_1));
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                while (!in.readLine().isEmpty()) {}
                answer(line.split(" ", 3)[1], socket.getOutputStream());
            }
        } catch (IOException e) {
            return; // the user has left
        }
    }

    private void answer(String path, OutputStream out) throws IOException {
        if (path.equals("/events")) {
            write(out, "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n");
            for (long i = 0; ; i++) {
                write(out, "data: " + i + "\n\n");
                Clock.sleepSeconds(1);
            }
        } else if (path.startsWith("/download/")) {
            long mebibytes = Long.parseLong(path.substring(path.lastIndexOf('/') + 1));
            write(out, "HTTP/1.1 200 OK\r\nContent-Length: " + mebibytes * MIB + "\r\n\r\n");
            byte[] bytes = block.clone();
            for (long i = 0; i < mebibytes; i++) {
                change(bytes, i);
                out.write(bytes);
            }
        } else {
            write(out, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
        }
    }

    private static void write(OutputStream out, String text) throws IOException {
        out.write(text.getBytes(ISO_8859_1));
    }

    @Override
    public void close() throws IOException {
        listener.close();
    }
}
