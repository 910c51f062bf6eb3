package io.portproxy.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * PortProxy from the built jar, or from an older jar as the baseline. It is a JVM with profile {@code server} and one with {@code client},
 * with the extended dialect, a token, one tunnel, and default settings. With TLS, the key and certificate are made for this run.
 */
final class PortProxyPair extends Contender {
    static final String PLAIN = "portproxy";
    static final String TLS = "portproxy-tls";
    static final String GATEWAY = "portproxy-gateway";
    static final String BASELINE = "baseline";
    static final String BASELINE_TLS = "baseline-tls";

    /** The built jar. The system property allows measurements of another jar. */
    private static final Path JAR = Path.of(System.getProperty("portproxy.jar", "target/portproxy.jar"));

    private final Path jar;
    private final boolean tls;
    private final boolean losesTunnels;

    private PortProxyPair(String name, Path jar, boolean tls, boolean losesTunnels) {
        super(name);
        this.jar = jar;
        this.tls = tls;
        this.losesTunnels = losesTunnels;
    }

    /** Returns a pair without TLS. */
    static PortProxyPair plain() {
        return new PortProxyPair(PLAIN, JAR, false, false);
    }

    /** Returns a pair with TLS 1.3 between the two ends. */
    static PortProxyPair encrypted() {
        return new PortProxyPair(TLS, JAR, true, false);
    }

    /**
     * Returns a pair without TLS between the two ends, and with a gateway that ends users' TLS. It runs in its own processes, because the
     * other pairs have no gateway.
     */
    static PortProxyPair gateway() {
        return new PortProxyPair(GATEWAY, JAR, false, false);
    }

    /** Returns pairs from another jar, without and with TLS. */
    static List<PortProxyPair> baseline(Path jar) {
        return List.of(
                new PortProxyPair(BASELINE, jar, false, false), new PortProxyPair(BASELINE_TLS, jar, true, false));
    }

    /** Returns a pair for a path that changes. Each change cuts the tunnel, so warnings about lost tunnels are allowed in the log. */
    static PortProxyPair longPath(boolean tls) {
        return new PortProxyPair(tls ? TLS : PLAIN, JAR, tls, true);
    }

    /** Returns the name of the pair from the built jar that this is, or with which it is compared. */
    String counterpart() {
        return isGateway() ? GATEWAY : tls ? TLS : PLAIN;
    }

    private boolean isGateway() {
        return name().equals(GATEWAY);
    }

    /** Returns whether it offers a service. The pair with a gateway only offers the gateway. */
    @Override
    boolean offers(Service service) {
        return super.offers(service) && isGateway() == (service == Service.GATEWAY);
    }

    @Override
    Optional<String> missing() {
        return Files.exists(jar)
                ? Optional.empty()
                : Optional.of(jar + " is not built (./mvnw -q package -DskipTests builds it)");
    }

    @Override
    boolean needsLongWarmUp() {
        return true;
    }

    @Override
    void start(Lab lab, Targets targets) throws IOException, BenchException {
        start(lab, targets, port -> port);
    }

    /** Does the same as {@link #start(Lab, Targets)}, with something between the two ends. */
    void start(Lab lab, Targets targets, Between between) throws IOException, BenchException {
        int tunnelPort = lab.freePort();
        boolean gateway = isGateway() && targets.has(Service.HTTP);
        String bundle = tls || gateway ? bundle(TestCertificate.of(lab)) : "";
        String token = UUID.randomUUID().toString();

        StringBuilder server = new StringBuilder(bundle);
        server.append("""
                portproxy.server:
                  bind: 127.0.0.1:%d
                %s  proxy:
                    - remote-name: bench
                      tokens: ["%s"]
                      port-list:
                """.formatted(tunnelPort, tls ? "  ssl: {bundle: bench}\n" : "", token));
        for (Service service : targets.services()) {
            server.append(expose(lab.freePort(), "tcp", service, targets.port(service)));
        }
        if (targets.has(Service.HTTP)) {
            server.append(expose(lab.freePort(), "http", Service.HTTP_TYPE, targets.port(Service.HTTP)));
        }
        if (name().equals(PLAIN)) {
            server.append(expose(lab.freePort(), "udp", Service.DATAGRAMS, targets.port(Service.DATAGRAMS)));
        }
        if (gateway) {
            server.append(gateway(lab.freePort(), targets.port(Service.HTTP)));
        }
        add(run(lab, "server", server.toString()));
        awaitStarted(children().get(0));

        String client =
                bundle + """
                portproxy.client:
                  name: bench
                  token: "%s"
                  server: 127.0.0.1:%d
                %s""".formatted(token, between.portBefore(tunnelPort), tls ? "  ssl: {bundle: bench}\n" : "");
        add(run(lab, "client", client));
    }

    /** Something that the tunnel passes through. */
    @FunctionalInterface
    interface Between {
        /** Returns the port that the client connects to, for a server on {@code port}. */
        int portBefore(int port) throws IOException, BenchException;
    }

    private String expose(int exposed, String type, Service service, int target) {
        offer(service, exposed);
        return "      - {type: %s, bind: \"127.0.0.1:%d\", remote: %d}%n".formatted(type, exposed, target);
    }

    private String gateway(int exposed, int target) {
        offer(Service.GATEWAY, exposed);
        return """
                      host-list:
                      - {host: "*", remote: %d}
                  gateways:
                    - {name: bench, bind: "127.0.0.1:%d", ssl: {bundle: bench}}
                """.formatted(target, exposed);
    }

    private Child run(Lab lab, String profile, String configuration) throws IOException {
        String file = name() + "-" + profile;
        Path yaml = lab.write(file + ".yml", configuration);
        List<String> command = new ArrayList<>(List.of(Programs.java()));
        command.addAll(List.of(
                "-jar",
                jar.toString(),
                "--server.port=0",
                "--spring.profiles.active=" + profile,
                "--spring.config.additional-location=file:" + yaml));
        return lab.start(file, command);
    }

    private static void awaitStarted(Child server) throws BenchException {
        while (!server.output().contains("Started PortProxyApplication")) {
            server.requireAlive();
            Clock.sleepMillis(50);
        }
    }

    @Override
    void requireHealthy() throws BenchException {
        super.requireHealthy();
        for (Child child : children()) {
            Optional<String> error = child.output()
                    .lines()
                    .filter(line -> line.contains(" ERROR ") || line.contains(" WARN "))
                    .filter(line -> !isExpected(line))
                    .findFirst();
            if (error.isPresent()) {
                throw new BenchException(child.name() + " logged: " + error.get());
            }
        }
    }

    /** Returns whether the line is an expected warning: about a tunnel without TLS, or about a lost tunnel. */
    private boolean isExpected(String line) {
        return line.contains(" WARN ") && (losesTunnels || !tls && line.contains("ssl.bundle"));
    }

    private static String bundle(TestCertificate certificate) {
        return """
                spring.ssl.bundle.jks.bench:
                  keystore: {location: "file:%1$s", password: %2$s, type: PKCS12}
                  truststore: {location: "file:%1$s", password: %2$s, type: PKCS12}
                """.formatted(certificate.store(), TestCertificate.PASSWORD);
    }
}
