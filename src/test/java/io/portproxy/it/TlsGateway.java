package io.portproxy.it;

import io.portproxy.http.HostPattern;
import io.portproxy.http.HttpRewriteSettings;
import io.portproxy.net.tls.CertificateTable;
import io.portproxy.net.tls.ServerCertificate;
import io.portproxy.net.tls.TlsSettings;
import io.portproxy.server.exposed.RouteSettings;
import io.portproxy.server.exposed.gateway.GatewaySettings;
import io.portproxy.server.exposed.gateway.HostSettings;
import io.portproxy.testing.TestCertificates;
import io.portproxy.testing.TestSettings;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Settings of a gateway that ends TLS with the certificate {@link TestCertificates#SITES}, and of its hosts. */
final class TlsGateway {
    /** The most bytes of a request head. */
    static final int MAX_HEAD = 32 << 10;

    private TlsGateway() {}

    /** Returns a gateway at any free port. */
    static GatewaySettings settings() {
        ServerCertificate certificate = new ServerCertificate(
                new TlsSettings(() -> TestCertificates.context(TestCertificates.SITES), false)
                        .speaking(List.of("http/1.1", "http/1.0")),
                ServerCertificate.namesOf(TestCertificates.certificate(TestCertificates.SITES)));
        return GatewaySettings.plain(
                        "tls",
                        GatewaySettings.Address.of(TestSettings.anyPort()),
                        new GatewaySettings.Requests(Duration.ofSeconds(10), 100, MAX_HEAD))
                .withTls(new CertificateTable(List.of(certificate)));
    }

    /** Returns a host: all paths of that name lead to a port of the remote's 127.0.0.1. */
    static HostSettings host(String name, int target, HttpRewriteSettings http) {
        return new HostSettings(
                HostPattern.parse(name),
                "/",
                Set.of(),
                new RouteSettings(true, Optional.empty(), target, Optional.of(http)));
    }
}
