package io.portproxy.demo;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.concurrent.TimeUnit;

/** What users of the demonstration do with a connection. */
final class DemoUser {
    private final String host;

    /** @param http the address where the HTTP target is exposed */
    DemoUser(InetSocketAddress http) {
        host = http.getAddress().getHostAddress() + ":" + http.getPort();
    }

    /** What a user does with a connection before the connection closes. */
    interface Exchange {
        void over(Socket socket) throws IOException, InterruptedException;
    }

    /** Asks for a page. */
    void page(Socket socket) throws IOException {
        get(socket, "/");
    }

    /** Asks for bytes at the given rate. */
    void download(Socket socket, long bytesPerSecond, int seconds) throws IOException {
        get(socket, HttpTarget.STREAM + "?rate=" + bytesPerSecond + "&seconds=" + seconds);
    }

    private void get(Socket socket, String path) throws IOException {
        String request = "GET " + path + " HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n";
        socket.getOutputStream().write(request.getBytes(US_ASCII));
        socket.getInputStream().transferTo(OutputStream.nullOutputStream());
    }

    /** Sends bytes again and again with a pause, and waits each time until they come back. */
    static void echo(Socket socket, int bytes, int pauseMillis, long millis) throws IOException, InterruptedException {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        byte[] chunk = new byte[bytes];
        while (System.nanoTime() - end < 0) {
            socket.getOutputStream().write(chunk);
            if (socket.getInputStream().readNBytes(bytes).length < bytes) {
                throw new EOFException("the echo ended early");
            }
            TimeUnit.MILLISECONDS.sleep(pauseMillis);
        }
    }
}
