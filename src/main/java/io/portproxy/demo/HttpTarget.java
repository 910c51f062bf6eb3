package io.portproxy.demo;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A target that answers each request with the request's own line and headers, so that users see what the proxy changed. Below
 * {@link #STREAM} it sends bytes at the rate that the request asks for.
 */
final class HttpTarget implements AutoCloseable {
    /** The most requests at a time. The target closes the connection of a further one. */
    static final int MAX_REQUESTS = 32;

    /** The most connections at a time. The target closes further ones at once. */
    static final int MAX_CONNECTIONS = 256;

    /** The path of streams, as in {@code /stream?rate=1000000&seconds=10}. The rate is in bytes per second. */
    static final String STREAM = "/stream";

    private static final Pattern STREAM_QUERY = Pattern.compile("rate=(\\d{1,8})&seconds=(\\d{1,2})");
    private static final int CHUNKS_PER_SECOND = 10;

    private static final String MAX_CONNECTIONS_PROPERTY = "jdk.httpserver.maxConnections";
    private static final int BACKLOG = 64;

    private final HttpServer server;
    private final ExecutorService threads = DemoThreads.bounded("demo-http-", MAX_REQUESTS);

    /**
     * Starts to listen and to answer.
     *
     * @param address where to listen
     * @throws IOException the target cannot listen there
     */
    HttpTarget(InetSocketAddress address) throws IOException {
        // The JDK's server has no other setting for this. A value that the operator has set stays.
        if (System.getProperty(MAX_CONNECTIONS_PROPERTY) == null) {
            System.setProperty(MAX_CONNECTIONS_PROPERTY, String.valueOf(MAX_CONNECTIONS));
        }
        server = HttpServer.create(address, BACKLOG);
        server.setExecutor(threads);
        server.createContext("/", HttpTarget::answer);
        server.createContext(STREAM, HttpTarget::stream);
        server.start();
    }

    private static void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            StringBuilder text = new StringBuilder("The demonstration's HTTP target received:\n\n")
                    .append(exchange.getRequestMethod())
                    .append(' ')
                    .append(exchange.getRequestURI())
                    .append('\n');
            new TreeMap<>(exchange.getRequestHeaders())
                    .forEach((name, values) -> values.forEach(value ->
                            text.append(name).append(": ").append(value).append('\n')));
            byte[] body = text.toString().getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "text/plain; charset=utf-8");
            if (exchange.getRequestMethod().equals("HEAD")) {
                exchange.sendResponseHeaders(200, -1);
            } else {
                exchange.sendResponseHeaders(200, body.length);
                exchange.getResponseBody().write(body);
            }
        }
    }

    private static void stream(HttpExchange exchange) throws IOException {
        String query = exchange.getRequestURI().getQuery();
        Matcher wanted = STREAM_QUERY.matcher(query == null ? "" : query);
        try (exchange) {
            if (!wanted.matches()) {
                exchange.sendResponseHeaders(400, -1);
                return;
            }
            byte[] chunk = new byte[Integer.parseInt(wanted.group(1)) / CHUNKS_PER_SECOND];
            exchange.getResponseHeaders().set("Content-Type", "application/octet-stream");
            exchange.sendResponseHeaders(200, 0);
            for (int i = Integer.parseInt(wanted.group(2)) * CHUNKS_PER_SECOND; i > 0; i--) {
                exchange.getResponseBody().write(chunk);
                exchange.getResponseBody().flush();
                TimeUnit.MILLISECONDS.sleep(1000 / CHUNKS_PER_SECOND);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Stops listening and closes every connection. */
    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
