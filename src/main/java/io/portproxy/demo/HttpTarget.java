package io.portproxy.demo;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;

/** Answers each request with the request's own line and headers, so that one sees what the proxy made of them. */
final class HttpTarget implements AutoCloseable {
    /** Requests at a time; a further one's connection is closed. */
    static final int MAX_REQUESTS = 32;

    /** Connections at a time; further ones are closed at once. */
    static final int MAX_CONNECTIONS = 256;

    private static final String MAX_CONNECTIONS_PROPERTY = "jdk.httpserver.maxConnections";
    private static final int BACKLOG = 64;

    private final HttpServer server;
    private final ExecutorService threads = DemoThreads.bounded("demo-http-", MAX_REQUESTS);

    /**
     * Begins to listen and to answer.
     *
     * @param address where to listen
     * @throws IOException it cannot be listened on
     */
    HttpTarget(InetSocketAddress address) throws IOException {
        // The JDK's server has no other way to say this; who set it already knows better.
        if (System.getProperty(MAX_CONNECTIONS_PROPERTY) == null) {
            System.setProperty(MAX_CONNECTIONS_PROPERTY, String.valueOf(MAX_CONNECTIONS));
        }
        server = HttpServer.create(address, BACKLOG);
        server.setExecutor(threads);
        server.createContext("/", HttpTarget::answer);
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

    /** Stops listening and closes every connection. */
    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
