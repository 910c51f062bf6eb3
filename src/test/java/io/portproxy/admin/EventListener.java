package io.portproxy.admin;

import static org.assertj.core.api.Assertions.assertThat;

import com.jayway.jsonpath.JsonPath;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * A program that listens to events; a thread of its own collects them. It speaks HTTP by itself: the JDK's client now and then
 * closes a connection whose body is still read, and does not tell the reader.
 */
final class EventListener implements AutoCloseable {
    private final Socket socket;
    private final List<Received> received = new CopyOnWriteArrayList<>();
    private final AtomicInteger comments = new AtomicInteger();
    private volatile String end = "";

    /** What one event's lines said. */
    record Received(String id, String type, Map<String, Object> data) {
        @Nullable
        Object get(String key) {
            return data.get(key);
        }
    }

    private EventListener(Socket socket) {
        this.socket = socket;
        Thread reader = new Thread(this::collect, "reader of events");
        reader.setDaemon(true);
        reader.start();
    }

    /** Begins to listen; returns when the server listens to us. */
    static EventListener open(ConfigurableApplicationContext context, String query, String... headers)
            throws IOException {
        int port = Integer.parseInt(context.getEnvironment().getRequiredProperty("local.server.port"));
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.getOutputStream().write(request(query, headers).getBytes(StandardCharsets.US_ASCII));
        String status = line(socket.getInputStream());
        if (!status.startsWith("HTTP/1.1 200")) {
            socket.close();
            throw new IOException("answered with " + status);
        }
        while (!line(socket.getInputStream()).isEmpty()) {
            // a field of the head
        }
        return new EventListener(socket);
    }

    private static String request(String query, String... headers) {
        StringBuilder request = new StringBuilder("GET /api/v1/events" + query + " HTTP/1.1\r\nHost: 127.0.0.1\r\n");
        for (int i = 0; i < headers.length; i += 2) {
            request.append(headers[i]).append(": ").append(headers[i + 1]).append("\r\n");
        }
        if (!List.of(headers).contains("Cookie")) {
            byte[] bob = "bob:bob-secret".getBytes(StandardCharsets.UTF_8);
            request.append("Authorization: Basic ")
                    .append(Base64.getEncoder().encodeToString(bob))
                    .append("\r\n");
        }
        return request.append("\r\n").toString();
    }

    private static String line(InputStream in) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int next = in.read(); next != '\n'; next = in.read()) {
            if (next < 0) {
                throw new EOFException("within a line");
            }
            line.write(next);
        }
        return line.toString(StandardCharsets.UTF_8).stripTrailing();
    }

    private void collect() {
        StringBuilder lines = new StringBuilder();
        Event event = new Event();
        try {
            InputStream in = new BufferedInputStream(socket.getInputStream());
            for (int length = chunk(in); length > 0; length = chunk(in)) { // RFC 9112, section 7.1
                lines.append(new String(in.readNBytes(length), StandardCharsets.UTF_8));
                line(in);
                for (int end = lines.indexOf("\n"); end >= 0; end = lines.indexOf("\n")) {
                    event.take(lines.substring(0, end));
                    lines.delete(0, end + 1);
                }
            }
            end = "clean";
        } catch (IOException | RuntimeException e) {
            end = String.valueOf(e);
        }
    }

    private static int chunk(InputStream in) throws IOException {
        return Integer.parseInt(line(in), 16);
    }

    /** Puts an event together. */
    private final class Event {
        private String id = "";
        private String type = "";

        void take(String line) {
            if (line.startsWith("id: ")) {
                id = line.substring(4);
            } else if (line.startsWith("event: ")) {
                type = line.substring(7);
            } else if (line.startsWith("data: ")) {
                received.add(new Received(id, type, JsonPath.read(line.substring(6), "$")));
            } else if (line.startsWith(":")) {
                comments.incrementAndGet();
            }
        }
    }

    /** All so far. */
    List<Received> received() {
        return received;
    }

    /** Comments so far. */
    int comments() {
        return comments.get();
    }

    /** {@code clean}, or what went wrong; empty while it goes on. */
    String end() {
        return end;
    }

    /** The first event like that. */
    Received await(Predicate<Received> like) {
        Awaitility.await()
                .untilAsserted(() -> assertThat(received)
                        .as("events until now, whose stream's end is \"%s\"", end)
                        .anyMatch(like));
        return received.stream().filter(like).findFirst().orElseThrow();
    }

    /** The first event of a type. */
    Received await(String type) {
        return await((Received event) -> event.type().equals(type));
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
