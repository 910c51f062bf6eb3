package io.portproxy.bench;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import javax.net.ssl.SSLSocket;

/** A connection of a user that sends one request after the other. */
final class WebUser implements AutoCloseable {
    private final SSLSocket socket;
    private final InputStream in;
    private long length;

    WebUser(SSLSocket socket) throws IOException {
        this.socket = socket;
        in = new BufferedInputStream(socket.getInputStream(), 1 << 16);
    }

    /** Sends text. */
    void send(String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(ISO_8859_1));
    }

    /** Sends a request for a path, and returns the status. The caller must then read the body from {@link #body}. */
    int begin(String host, String path) throws IOException {
        send("GET " + path + " HTTP/1.1\r\nHost: " + host + "\r\n\r\n");
        length = 0;
        String status = line();
        for (String line = line(); !line.isEmpty(); line = line()) {
            if (line.startsWith("Content-Length: ")) {
                length = Long.parseLong(line.substring("Content-Length: ".length()));
            }
        }
        return Integer.parseInt(status.split(" ", 3)[1]);
    }

    /** Requests the small answer and reads it. Returns the status. */
    int ask(String host) throws IOException {
        int status = begin(host, "/");
        in.skipNBytes(length);
        return status;
    }

    /** Returns the length of the body, as given in the head of the answer. */
    long length() {
        return length;
    }

    InputStream body() {
        return in;
    }

    /** Returns the next line, without its end. */
    String line() throws IOException {
        StringBuilder line = new StringBuilder();
        for (int b = in.read(); b != '\n'; b = in.read()) {
            if (b < 0) {
                throw new EOFException("the connection has ended");
            }
            if (b != '\r') {
                line.append((char) b);
            }
        }
        return line.toString();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
