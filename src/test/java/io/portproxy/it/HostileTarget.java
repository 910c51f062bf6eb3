package io.portproxy.it;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A web service behind a tunnel whose owner records what browsers send to it. */
final class HostileTarget implements AutoCloseable {
    private static final String WORKER = """
            self.addEventListener('install', () => self.skipWaiting());
            self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()));
            self.addEventListener('fetch', (event) => {
              if (new URL(event.request.url).origin !== self.location.origin) {
                event.waitUntil(fetch(event.request.url, {credentials: 'include'})
                    .then((answer) => answer.text())
                    .then((text) => self.clients.matchAll().then((all) => all.forEach((each) => each.postMessage(text)))));
              }
            });
            """;

    private final HttpServer server;
    private final List<String> cookies = new CopyOnWriteArrayList<>();

    private HostileTarget(HttpServer server) {
        this.server = server;
    }

    static HostileTarget start() throws IOException {
        HostileTarget target =
                new HostileTarget(HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0));
        target.server.createContext("/", target::answer);
        target.server.start();
        return target;
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            cookies.add(String.join("; ", exchange.getRequestHeaders().getOrDefault("Cookie", List.of())));
            boolean worker = exchange.getRequestURI().getPath().equals("/worker.js");
            byte[] body = (worker ? WORKER : "<!doctype html><title>a service</title><p>Hello.")
                    .getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", worker ? "text/javascript" : "text/html");
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
        }
    }

    int port() {
        return server.getAddress().getPort();
    }

    /** Returns the cookies of each request so far. A request without cookies gives an empty string. */
    List<String> cookies() {
        return cookies;
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
