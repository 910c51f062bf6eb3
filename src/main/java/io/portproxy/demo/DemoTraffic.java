package io.portproxy.demo;

import io.portproxy.client.ProxyClient;
import io.portproxy.config.properties.PortProxyProperties;
import io.portproxy.server.ProxyServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.annotation.Profile;
import org.springframework.stereotype.Component;

/**
 * Users of the demonstration, so that the dashboard has something to show. One user asks for pages, some stream for seconds at
 * different rates, and one keeps a connection open. Each has its own thread; together they cause some 2 MB/s. They start when the
 * tunnel is up, and stop before everything else.
 */
@Component
@Profile("demo")
final class DemoTraffic implements SmartLifecycle {
    /** The number of users that stream. */
    static final int STREAMS = 6;

    private static final Logger log = LoggerFactory.getLogger(DemoTraffic.class);
    private static final int PATIENCE_MILLIS = 5000;
    private static final int AGAIN_MILLIS = 500;

    private final boolean wanted;
    private final ProxyServer server;
    private final ProxyClient client;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private ExecutorService threads = DemoThreads.bounded("demo-traffic-", STREAMS + 2);
    private volatile boolean running;

    DemoTraffic(PortProxyProperties properties, ProxyServer server, ProxyClient client) {
        this.wanted = properties.demo().traffic();
        this.server = server;
        this.client = client;
    }

    /** What one user does repeatedly. */
    private interface User {
        void act(InetSocketAddress http, InetSocketAddress tcp) throws IOException, InterruptedException;
    }

    @Override
    public void start() {
        running = true;
        if (wanted) {
            threads = DemoThreads.bounded("demo-traffic-", STREAMS + 2);
            threads.execute(() -> repeat(this::askForPage));
            threads.execute(() -> repeat(this::stay));
            for (int i = 0; i < STREAMS; i++) {
                threads.execute(() -> repeat(this::stream));
            }
        }
    }

    private void repeat(User user) {
        try {
            while (running) {
                if (client.connected()) {
                    act(user);
                } else {
                    TimeUnit.MILLISECONDS.sleep(AGAIN_MILLIS);
                }
            }
        } catch (InterruptedException e) {
            log.trace("the demonstration's users go", e);
        }
    }

    private void act(User user) throws InterruptedException {
        List<InetSocketAddress> exposed = server.exposedAddresses();
        try {
            user.act(exposed.get(0), exposed.get(1));
        } catch (IOException e) {
            log.debug("a user of the demonstration was cut", e);
            TimeUnit.MILLISECONDS.sleep(AGAIN_MILLIS);
        }
    }

    private void askForPage(InetSocketAddress http, InetSocketAddress tcp) throws IOException, InterruptedException {
        TimeUnit.MILLISECONDS.sleep(between(200, 1200));
        exchange(http, new DemoUser(http)::page);
    }

    private void stay(InetSocketAddress http, InetSocketAddress tcp) throws IOException, InterruptedException {
        exchange(tcp, socket -> DemoUser.echo(socket, 64, 600, TimeUnit.DAYS.toMillis(1)));
    }

    private void stream(InetSocketAddress http, InetSocketAddress tcp) throws IOException, InterruptedException {
        TimeUnit.MILLISECONDS.sleep(between(100, 4000));
        int seconds = (int) between(3, 25);
        if (between(0, 3) == 0) {
            int bytes = (int) between(200, 8000);
            exchange(tcp, socket -> DemoUser.echo(socket, bytes, 100, TimeUnit.SECONDS.toMillis(seconds)));
        } else {
            long rate = 4000L << between(0, 8); // 4 kB/s to 512 kB/s; low and high rates are equally likely
            exchange(http, socket -> new DemoUser(http).download(socket, rate, seconds));
        }
    }

    private void exchange(InetSocketAddress address, DemoUser.Exchange exchange)
            throws IOException, InterruptedException {
        try (Socket socket = new Socket()) {
            open.add(socket);
            if (running) { // otherwise nobody might close it
                socket.setSoTimeout(PATIENCE_MILLIS);
                socket.connect(address, PATIENCE_MILLIS);
                exchange.over(socket);
            }
        } finally {
            open.removeIf(Socket::isClosed);
        }
    }

    private static long between(long least, long bound) {
        return ThreadLocalRandom.current().nextLong(least, bound);
    }

    @Override
    public void stop() {
        running = false;
        threads.shutdownNow();
        open.forEach(DemoThreads::closeQuietly);
    }

    @Override
    public boolean isRunning() {
        return running;
    }
}
