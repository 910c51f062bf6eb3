package io.portproxy.bench;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Measures how exactly a bandwidth limit holds that 1, 10 and 200 connections share, in each direction. Also measures how evenly they share
 * it, and how it affects a ping at another port of the same tunnel. Exits with 1 if a rate differs from the limit by more than 5 %.
 */
final class LimitProofs {
    private static final String USAGE = """
            usage: src/bench/limits [switches]
              --seconds S       a measurement's time (10)
              --mib M           the bandwidth in MiB/s (10)
            """;
    private static final double MIB = 1 << 20;
    private static final double TOLERANCE = 0.05;
    private static final double SETTLE_SECONDS = 2;
    private static final int[] CONNECTIONS = {1, 10, 200};

    private final Lab lab;
    private double seconds = 10;
    private int mebibytes = 10;
    private boolean failed;

    private LimitProofs(Lab lab) {
        this.lab = lab;
    }

    /** Runs the measurements, see the usage. */
    public static void main(String[] arguments) throws IOException, BenchException {
        boolean failed;
        try (Lab lab = new Lab(Path.of("target/bench/limits"))) {
            LimitProofs proofs = new LimitProofs(lab);
            try {
                for (int i = 0; i < arguments.length; i++) {
                    switch (arguments[i]) {
                        case "--seconds" -> proofs.seconds = Double.parseDouble(arguments[++i]);
                        case "--mib" -> proofs.mebibytes = Integer.parseInt(arguments[++i]);
                        default -> throw new IllegalArgumentException("no such switch: " + arguments[i]);
                    }
                }
            } catch (IllegalArgumentException | ArrayIndexOutOfBoundsException e) {
                System.err.println(e.getMessage() + "\n" + USAGE);
                System.exit(2);
            }
            proofs.run();
            failed = proofs.failed;
        }
        System.exit(failed ? 1 : 0);
    }

    /** Accepts connections, and runs a service for each on its own thread. */
    private static int serve(Service service) throws IOException {
        ServerSocket listener = new ServerSocket(0, 500, InetAddress.getLoopbackAddress());
        daemon(() -> {
            while (true) {
                Socket socket = listener.accept();
                daemon(() -> {
                    try (socket) {
                        service.serve(socket);
                    }
                });
            }
        });
        return listener.getLocalPort();
    }

    @FunctionalInterface
    private interface Service {
        void serve(Socket socket) throws IOException;
    }

    @FunctionalInterface
    private interface Work {
        void run() throws IOException;
    }

    private static void daemon(Work work) {
        Thread thread = new Thread(() -> {
            try {
                work.run();
            } catch (IOException e) {
                // The connection has ended, as all do at the end of a measurement.
            }
        });
        thread.setDaemon(true);
        thread.start();
    }

    private static void sink(Socket socket, AtomicLong count) throws IOException {
        byte[] buffer = new byte[64 * 1024];
        InputStream in = socket.getInputStream();
        for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
            count.addAndGet(read);
        }
    }

    private static void source(Socket socket) throws IOException {
        byte[] buffer = new byte[64 * 1024];
        OutputStream out = socket.getOutputStream();
        while (true) {
            out.write(buffer);
        }
    }

    private void run() throws IOException, BenchException {
        int inPort = lab.freePort();
        int outPort = lab.freePort();
        int pingPort = lab.freePort();
        int tunnelPort = lab.freePort();
        List<AtomicLong> arrived = new ArrayList<>();
        int sinks = serve(socket -> {
            AtomicLong count = new AtomicLong();
            synchronized (arrived) {
                arrived.add(count);
            }
            sink(socket, count);
        });
        int sources = serve(LimitProofs::source);
        int echoes = serve(socket -> {
            socket.setTcpNoDelay(true);
            socket.getInputStream().transferTo(socket.getOutputStream());
        });
        String token = UUID.randomUUID().toString();
        String limits = "limits: {bandwidth: {in: %1$dMB, out: %1$dMB}}".formatted(mebibytes);
        Child server = start("server", """
                portproxy.server:
                  bind: 127.0.0.1:%d
                  proxy:
                    - remote-name: bench
                      tokens: ["%s"]
                      port-list:
                        - {bind: "127.0.0.1:%d", remote: %d, %s}
                        - {bind: "127.0.0.1:%d", remote: %d, %s}
                        - {bind: "127.0.0.1:%d", remote: %d}
                """.formatted(
                        tunnelPort, token, inPort, sinks, limits, outPort, sources, limits, pingPort, echoes));
        Child client = start("client", """
                portproxy.client:
                  name: bench
                  token: "%s"
                  server: 127.0.0.1:%d
                """.formatted(token, tunnelPort));
        awaitEcho(pingPort, server, client);
        ping(pingPort, 2); // warms up
        System.out.printf(
                Locale.ROOT,
                "limit %d MiB/s; ping without load: median %.0f µs%n",
                mebibytes,
                ping(pingPort, seconds / 2));
        for (int count : CONNECTIONS) {
            arrived.clear();
            measure("in", count, inPort, pingPort, arrived);
        }
        for (int count : CONNECTIONS) {
            measure("out", count, outPort, pingPort, new ArrayList<>());
        }
        lab.end(client);
        lab.end(server);
    }

    private Child start(String role, String configuration) throws IOException {
        Path yaml = lab.write(role + ".yml", configuration);
        return lab.start(
                role,
                List.of(
                        Programs.java(),
                        "-jar",
                        System.getProperty("portproxy.jar", "target/portproxy.jar"),
                        "--server.port=0",
                        "--spring.profiles.active=" + role,
                        "--spring.config.additional-location=file:" + yaml));
    }

    private static void awaitEcho(int port, Child server, Child client) throws BenchException {
        long start = System.nanoTime();
        while (true) {
            server.requireAlive();
            client.requireAlive();
            try (Socket user = new Socket(InetAddress.getLoopbackAddress(), port)) {
                user.getOutputStream().write(1);
                if (user.getInputStream().read() == 1) {
                    return;
                }
            } catch (IOException e) {
                // The echo does not work yet.
            }
            if (Clock.secondsSince(start) > 120) {
                throw new BenchException("no echo comes");
            }
            Clock.sleepMillis(100);
        }
    }

    /** Returns the median round trip time of a byte, in microseconds. */
    private static double ping(int port, double forSeconds) throws IOException {
        try (Socket user = new Socket(InetAddress.getLoopbackAddress(), port)) {
            user.setTcpNoDelay(true);
            List<Long> times = new ArrayList<>();
            long start = System.nanoTime();
            while (Clock.secondsSince(start) < forSeconds) {
                long sent = System.nanoTime();
                user.getOutputStream().write(1);
                user.getInputStream().read();
                times.add(System.nanoTime() - sent);
                Clock.sleepMillis(1);
            }
            times.sort(null);
            return times.get(times.size() / 2) / 1e3;
        }
    }

    /** @param counts receives a counter for each connection if users count the bytes that they receive */
    private void measure(String direction, int count, int port, int pingPort, List<AtomicLong> counts)
            throws IOException {
        List<Socket> users = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Socket user = new Socket(InetAddress.getLoopbackAddress(), port);
            users.add(user);
            if (direction.equals("in")) {
                daemon(() -> source(user));
            } else {
                AtomicLong mine = new AtomicLong();
                counts.add(mine);
                daemon(() -> sink(user, mine));
            }
        }
        Clock.sleepMillis((long) (SETTLE_SECONDS * 1000));
        long[] before = read(counts);
        long start = System.nanoTime();
        double ping = ping(pingPort, seconds);
        double took = Clock.secondsSince(start);
        long[] after = read(counts);
        for (Socket user : users) {
            user.setSoLinger(true, 0);
            user.close();
        }
        long[] each = new long[before.length];
        Arrays.setAll(each, i -> after[i] - before[i]);
        double rate = Arrays.stream(each).sum() / took / MIB;
        boolean off = Math.abs(rate / mebibytes - 1) > TOLERANCE || each.length != count;
        failed |= off;
        System.out.printf(
                Locale.ROOT,
                "%-3s %3d connections: %.2f MiB/s (%+.1f %%); least and most of one %.0f and %.0f KiB/s; ping beside it %.0f µs%s%n",
                direction,
                count,
                rate,
                100 * (rate / mebibytes - 1),
                Arrays.stream(each).min().orElse(0) / took / 1024,
                Arrays.stream(each).max().orElse(0) / took / 1024,
                ping,
                off ? "  OFF" : "");
        Clock.sleepMillis(1000);
    }

    private static long[] read(List<AtomicLong> counts) {
        synchronized (counts) {
            return counts.stream().mapToLong(AtomicLong::get).toArray();
        }
    }
}
