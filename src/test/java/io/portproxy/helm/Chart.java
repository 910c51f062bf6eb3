package io.portproxy.helm;

import com.marcnuri.helm.DryRun;
import com.marcnuri.helm.Helm;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The chart, rendered as the release {@code r} in the namespace {@code ns} of an empty cluster. */
final class Chart {
    static final Path FOLDER = Path.of("helm", "portproxy");

    /** The oldest version of Kubernetes that the chart supports. */
    private static final String KUBERNETES = "1.30.0";

    /** The beginning of the names of Services, Secrets and so on. */
    static final String NAME = "r-portproxy";

    /** A server with a port of each type. */
    static final String SERVER = """
            ports:
              - {name: tunnel, use: tunnel, port: 9015}
              - {name: admin, use: admin, port: 9016}
              - {name: web, port: 6688, servicePort: 80, remote: home, target: 17211, type: http}
              - {name: psql, port: 6689, remote: desk, target: 'db.internal:5432'}
            """;

    /** Gateways in front of hosts, instead of ports. */
    static final String GATEWAYS = """
            ports:
              - {name: tunnel, use: tunnel, port: 9015}
              - {name: admin, use: admin, port: 9016}
              - {name: web, use: gateway, port: 8080, servicePort: 80, redirectToHttps: true}
              - {name: tls, use: gateway, port: 8443, servicePort: 443, certificates: [sites, shop], tunnel: t.dev.example}
            hosts:
              - {host: a.example, remote: home, target: 8000}
              - {host: '*.dev.example', remote: desk, target: 'app:80', path: /x, hostHeader: rewrite, gateways: [tls]}
              - {host: mail.example, remote: desk, target: 'mail:443', gateways: [tls], tls: passthrough}
            """;

    /** A gateway that gets its certificates by ACME, and a gateway that answers the authority. */
    static final String ACME = """
            ports:
              - {name: tunnel, use: tunnel, port: 9015}
              - {name: admin, use: admin, port: 9016}
              - {name: web, use: gateway, port: 8080, servicePort: 80, redirectToHttps: true}
              - {name: tls, use: gateway, port: 8443, servicePort: 443, acme: true}
            hosts:
              - {host: a.example, remote: home, target: 8000}
            store: {type: file}
            acme: {termsAccepted: true, email: admin@a.example, directory: 'https://ca.a.example:9000/acme/directory'}
            """;

    /** Settings of the application for ports, gateways, hosts and remotes that the chart passes on without knowing them. */
    static final String SETTINGS = """
            ports:
              - {name: tunnel, use: tunnel, port: 9015}
              - {name: admin, use: admin, port: 9016}
              - name: edge
                use: gateway
                port: 8080
                servicePort: 80
                settings: {acceptProxyProtocol: [127.0.0.1], requestTimeout: 5s, maxPending: 1000000}
              - name: web
                port: 6688
                remote: home
                target: 17211
                type: http
                settings:
                  name: shop
                  access: {allow: [192.0.2.0/24], deny: [192.0.2.7]}
                  accept-proxy-protocol: [127.0.0.0/8, 'fd00::/8']
                  headers: {response: {set: {X-Frame-Options: DENY}, remove: [Server]}}
                  auth: {basic: {users: [{name: me, password: '${web-password:{noop}a-good-password}'}], except: [/health]}}
                  responseTimeout: 30s
                  holdWhileAway: 2s
              - name: psql
                port: 6689
                remote: desk
                target: 'unix:/run/psql/.s.PGSQL.5432'
                settings:
                  proxyProtocol: v2
                  quota: {bytes: 100GB, per: day}
                  limits: {connections: 1000000, bandwidth: {in: 10000000, out: 10MB}, idleTimeout: 10m}
              - {name: rtp, port: 30000-30002, servicePort: 40000, remote: desk, target: 'sip:5000-5002', type: udp, settings: {replyLimit: 10}}
            hosts:
              - {host: a.example, remote: home, target: 'unix:/run/a.sock', settings: {hsts: {maxAge: 1d}, limits: {connections: 5}}}
            remotes:
              home: {description: at home, limits: {opensPerSecond: 50}, holdWhileAway: 5s}
              spare: {grants: {hosts: '{name}.dev.example', max: 2}}
            config:
              portproxy:
                server: {access: {deny: [203.0.113.7]}, limits: {connections: 5000}, accept-proxy-protocol: [127.0.0.1]}
            """;

    /** A client. */
    static final String CLIENT = """
            role: client
            client: {name: home, server: 'proxy.example.net:9015', allow: [17211, 'db.internal:5432']}
            tokens: {existingSecret: known}
            """;

    /** The name that the tests give to the annotation of hooks. Helm's library leaves hooks out of its output. */
    static final String HOOK = "rendered/hook";

    /** The call by which the chart looks up existing objects in the cluster. Helm's library would look for a real cluster. */
    static final String LOOKUP = "lookup \"v1\" $kind $.Release.Namespace .";

    private static final Path WITH_HOOKS = copy(Map.of("helm.sh/hook", HOOK, LOOKUP, "dict"));

    private Chart() {}

    /** Makes a copy of the chart in which one text is replaced by another. */
    static Path copy(String text, String other) {
        return copy(Map.of(text, other));
    }

    private static Path copy(Map<String, String> others) {
        try {
            Path copy = Files.createTempDirectory("chart").resolve("portproxy");
            try (Stream<Path> files = Files.walk(FOLDER)) {
                for (Path file : files.filter(Files::isRegularFile).toList()) {
                    Path to = copy.resolve(FOLDER.relativize(file).toString());
                    Files.createDirectories(to.getParent());
                    String content = Files.readString(file);
                    for (Map.Entry<String, String> other : others.entrySet()) {
                        content = content.replace(other.getKey(), other.getValue());
                    }
                    Files.writeString(to, content);
                    to.toFile().deleteOnExit();
                }
            }
            return copy;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns Helm's complaints about the chart with its own values, warnings included. */
    static List<String> complaints() {
        var result = new Helm(FOLDER).lint().strict().call();
        return result.isFailed() ? result.getMessages() : List.of();
    }

    /**
     * Returns the objects that Helm would install.
     *
     * @param values YAML, on top of the chart's own
     * @throws RuntimeException the values are refused; the message is Helm's
     */
    static Manifests render(String values) {
        return render(WITH_HOOKS, values);
    }

    /** Does the same as {@link #render(String)}, for a chart in another folder. */
    static Manifests render(Path folder, String values) {
        return withFile(
                values,
                file -> Manifests.parse(new Helm(folder)
                        .template()
                        .withName("r")
                        .withNamespace("ns")
                        .withKubeVersion(KUBERNETES)
                        .withValuesFile(file)
                        .call()));
    }

    /** Returns the notes that Helm shows to the operator. */
    static String notes(String values) {
        String output = withFile(
                values,
                file -> new Helm(FOLDER)
                        .install()
                        .clientOnly()
                        .dryRun()
                        .withDryRunOption(DryRun.CLIENT)
                        .withName("r")
                        .withNamespace("ns")
                        .withKubeVersion(KUBERNETES)
                        .withValuesFile(file)
                        .call()
                        .getOutput());
        return output.substring(output.indexOf("NOTES:"));
    }

    private interface Use<T> {
        T of(Path file);
    }

    private static <T> T withFile(String text, Use<T> use) {
        try {
            Path file = Files.createTempFile("values", ".yaml");
            try {
                return use.of(Files.writeString(file, text));
            } finally {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
