package io.portproxy.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;

/**
 * PortProxy from the built jar with a gateway of many hosts and certificates. There are ten hosts for each certificate, and default
 * settings.
 */
final class WebPair implements AutoCloseable {
    private static final int HOSTS_OF_ONE = 10;
    private static final int CONNECT_MILLIS = 20_000;
    private static final double START_SECONDS = 900;

    private final Lab lab;
    private final String name;
    private final int hosts;
    private final int port;
    private final int plainPort;
    private final Child server;
    private final Child client;

    /**
     * Starts both roles, and waits until a request is answered.
     *
     * @param hosts one, or a multiple of ten
     * @param target the port on 127.0.0.1 of the target for all hosts
     */
    WebPair(Lab lab, String name, int hosts, int target) throws IOException, BenchException {
        this.lab = lab;
        this.name = name;
        this.hosts = hosts;
        this.port = lab.freePort();
        this.plainPort = lab.freePort();
        int tunnelPort = lab.freePort();
        String token = UUID.randomUUID().toString();
        server = run("server", server(tunnelPort, token, target));
        client = run("client", """
                portproxy.client:
                  name: bench
                  token: "%s"
                  server: 127.0.0.1:%d
                """.formatted(token, tunnelPort));
        awaitAnswer();
    }

    private String server(int tunnelPort, String token, int target) throws IOException, BenchException {
        StringBuilder bundles = new StringBuilder();
        List<String> names = new ArrayList<>();
        for (int i = 0; i < Math.max(1, hosts / HOSTS_OF_ONE); i++) {
            Path pem = SelfSigned.make(lab, name + "-" + i + ".pem", "*.c" + i + ".example")
                    .pem();
            bundles.append(
                    "spring.ssl.bundle.pem.c%1$d.keystore: {certificate: \"file:%2$s\", private-key: \"file:%2$s\"}\n"
                            .formatted(i, pem));
            names.add("c" + i);
        }
        StringBuilder yaml = new StringBuilder(bundles);
        yaml.append("""
                portproxy.server:
                  bind: 127.0.0.1:%d
                  gateways:
                    - {name: bench, bind: "127.0.0.1:%d", ssl: {bundles: %s}}
                    - {name: plain, bind: "127.0.0.1:%d"}
                  proxy:
                    - remote-name: bench
                      tokens: ["%s"]
                      host-list:
                """.formatted(tunnelPort, port, names, plainPort, token));
        for (int i = 0; i < hosts; i++) {
            yaml.append("      - {host: %s, remote: %d}%n".formatted(host(i), target));
        }
        return yaml.toString();
    }

    /** Returns the name of a host. Ten consecutive hosts share one certificate. */
    String host(int index) {
        return "h" + index + ".c" + index / HOSTS_OF_ONE + ".example";
    }

    int hosts() {
        return hosts;
    }

    /** Returns the port of a gateway without TLS in the same process. */
    int plainPort() {
        return plainPort;
    }

    Usage serverUsage() {
        return Usage.of(server.pids());
    }

    private Child run(String role, String configuration) throws IOException {
        Path yaml = lab.write(name + "-" + role + ".yml", configuration);
        return lab.start(
                name + "-" + role,
                List.of(
                        Programs.java(),
                        "-jar",
                        System.getProperty("portproxy.jar", "target/portproxy.jar"),
                        "--server.port=0",
                        "--spring.profiles.active=" + role,
                        "--spring.config.additional-location=file:" + yaml));
    }

    private void awaitAnswer() throws BenchException {
        long start = System.nanoTime();
        while (true) {
            requireAlive();
            try (WebUser user = user(0, "127.0.0.1")) {
                if (user.ask(host(0)) == 200) {
                    return;
                }
            } catch (IOException e) {
                if (Clock.secondsSince(start) > START_SECONDS) {
                    throw new BenchException(name + " does not answer", e);
                }
            }
            Clock.sleepMillis(200);
        }
    }

    void requireAlive() throws BenchException {
        server.requireAlive();
        client.requireAlive();
    }

    /** Returns a connection whose handshake is complete. It does not resume the session of an earlier connection. */
    WebUser user(int host, String from) throws IOException {
        SSLSocket socket = (SSLSocket) context().getSocketFactory().createSocket();
        try {
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(CONNECT_MILLIS);
            socket.bind(new InetSocketAddress(InetAddress.getByName(from), 0));
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), CONNECT_MILLIS);
            SSLParameters parameters = socket.getSSLParameters();
            parameters.setServerNames(List.of(new SNIHostName(host(host))));
            socket.setSSLParameters(parameters);
            socket.startHandshake();
            return new WebUser(socket);
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    /** Returns a context that accepts all certificates, because those of this run prove nothing. */
    private static SSLContext context() {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[] {new Anybody()}, null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static final class Anybody implements X509TrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }

    @Override
    public void close() {
        lab.end(client);
        lab.end(server);
    }
}
