package io.portproxy.config.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.portproxy.config.Checked;
import io.portproxy.net.tls.ClientHello;
import io.portproxy.net.tls.ServerCertificate;
import io.portproxy.net.tls.ServerNames;
import io.portproxy.server.ServerSettings;
import io.portproxy.server.exposed.gateway.GatewaySettings;
import io.portproxy.testing.PemFiles;
import io.portproxy.testing.TestCertificates;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Tests the check of gateways and hosts in a file. */
class GatewayCheckTest {
    private static final String QUIET = "--logging.level.root=off";
    private static final String SERVER = "--spring.profiles.active=server";

    @TempDir
    private Path folder;

    private String yaml(String gateways, String hosts) throws IOException {
        return PemFiles.bundle(folder, "sites", TestCertificates.SITES, "")
                + PemFiles.bundle(folder, "other", TestCertificates.OTHER, "")
                + PemFiles.bundle(folder, "trust", "", TestCertificates.CA)
                + """
                portproxy:
                  workers: 1
                  store: none
                  server:
                    bind: 127.0.0.1:0
                    gateways: [%s]
                    proxy:
                      - remote-name: one
                        host-list: [%s]
                """.formatted(gateways, hosts);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {bind: 0} | | gateways[0].name | is missing | write a name
            {name: a b, bind: 0} | | gateways[0].name: a b | is no name of a gateway | write a name
            {name: web, bind: 0}, {name: web, bind: 0} | | gateways[1].name: web | the same as portproxy.server.gateways[0] | a name of its own
            {name: web} | | gateways[0].bind | is missing | 0.0.0.0:80
            {name: web, bind: 0, redirect-to-https: true} | | gateways[0].redirect-to-https: true | no gateway has ssl | write a gateway with ssl.bundle or ssl.acme
            {name: tls, bind: 0, redirect-to-https: true, ssl: {bundle: sites}} | | gateways[0].redirect-to-https: true | speaks https itself | remove it
            {name: tls, bind: 0, ssl: {bundle: none}} | | gateways[0].ssl.bundle: none | no such SSL bundle | another bundle's name
            {name: tls, bind: 0, ssl: {bundle: trust}} | | gateways[0].ssl.bundle: trust | has no key | set spring.ssl.bundle.pem.trust.keystore
            {name: tls, bind: 0, ssl: {bundles: [sites, none]}} | | gateways[0].ssl.bundles[1]: none | no such SSL bundle | another bundle's name
            {name: tls, bind: 0, ssl: {bundles: [sites], bundle: other}} | | gateways[0].ssl.bundles | is set together with bundle | write all names in bundles
            {name: tls, bind: 0, ssl: {acme: true, bundle: other}} | | gateways[0].ssl.acme: true | is set together with bundle | remove one of the two
            {name: tls, bind: 0, ssl: {acme: true}} | | portproxy.acme.terms-accepted: false | no certificate can be ordered for portproxy.server.gateways[0].ssl.acme | set it to true
            {name: web, bind: 0, tunnel: t.example.com} | | gateways[0].tunnel: t.example.com | no effect without TLS | write ssl.bundle
            {name: tls, bind: 0, ssl: {bundle: sites}, tunnel: a_..b} | | gateways[0].tunnel: a_..b | is no host name | tunnel.example.com
            {name: web, bind: 0, public-port: 0} | | gateways[0].public-port: 0 | | 65535
            {name: web, bind: 0, request-timeout: 1ms} | | gateways[0].request-timeout: 1ms | | write
            '' | {host: a.example, remote: 80} | proxy[0].host-list[0] | there is no gateway | write portproxy.server.gateways
            {name: web, bind: 0} | {remote: 80} | host-list[0].host | is missing | app.example.com
            {name: web, bind: 0} | {host: a*b, remote: 80} | host-list[0].host: a*b | asterisk | *.example.com
            {name: web, bind: 0} | {host: a.example, remote: 80, gateways: [wep]} | gateways[0]: wep | is no gateway | write one of web
            {name: web, bind: 0} | {host: a.example, remote: 80}, {host: A.example., remote: 81} | host-list[1].host: A.example. | the same as portproxy.server.proxy[0].host-list[0] | another host or path
            {name: web, bind: 0} | {host: a.example, tls: passthrough, remote: 80} | host-list[0].tls: passthrough | no gateway of this host has ssl (web) | write ssl.bundle
            {name: web, bind: 0}, {name: tls, bind: 0, ssl: {bundle: sites}} | {host: a.example, tls: passthrough, gateways: [web], remote: 80} | host-list[0].tls: passthrough | no gateway of this host has ssl (web) | write ssl.bundle
            {name: tls, bind: 0, ssl: {bundle: sites}, tunnel: T.example} | {host: t.example., remote: 80} | host-list[0].host: t.example | the same as portproxy.server.gateways[0].tunnel | write another host
            {name: web, bind: 0} | {host: a.example, path: x, remote: 80} | host-list[0].path: x | | such as /api
            {name: tls, bind: 0, ssl: {bundle: sites}} | {host: a.example, tls: passthrough, path: /x, remote: 80} | host-list[0].path: /x | nobody but the target sees a path | remove path
            {name: tls, bind: 0, ssl: {bundle: sites}} | {host: a.example, tls: passthrough, host-header: rewrite, remote: 80} | host-list[0].host-header: rewrite | no effect with tls: passthrough | remove host-header, or tls
            {name: tls, bind: 0, ssl: {bundle: sites}} | {host: a.example, tls: passthrough, remote: 80}, {host: a.example, path: /x, remote: 81} | host-list[1].host: a.example | the same as | one target for all paths
            {name: tls, bind: 0, ssl: {bundle: sites}} | {host: a.example, path: /x, remote: 80}, {host: a.example, tls: passthrough, remote: 81} | host-list[1].host: a.example | the same as | one target for all paths
            """)
    void namesPropertyValueReasonAndFix(String gateways, String hosts, String property, String reason, String fix)
            throws IOException {
        FailureAnalysis report = Checked.failure(folder, yaml(gateways, hosts == null ? "" : hosts), QUIET, SERVER);

        assertThat(report.getDescription()).contains(property).contains(reason == null ? "" : reason);
        assertThat(report.getAction()).contains(fix);
    }

    @Test
    void theNameOfTheTunnelIsFreeAtOtherGatewaysAndBelowAnAsterisk() throws IOException {
        String gateways = "{name: web, bind: 0}, {name: tls, bind: 0, ssl: {bundle: sites}, tunnel: t.example}";
        String hosts = "{host: t.example, gateways: [web], remote: 80}, {host: '*.example', remote: 80}";

        assertThat(Checked.with(folder, yaml(gateways, hosts), QUIET, SERVER).server())
                .isPresent();
    }

    @Test
    void aPassthroughHostNeedsOneGatewayWithTls() throws IOException {
        String gateways = "{name: web, bind: 0}, {name: tls, bind: 0, ssl: {bundle: sites}}";

        assertThat(Checked.with(
                                folder,
                                yaml(gateways, "{host: a.example, tls: passthrough, remote: 80}"),
                                QUIET,
                                SERVER)
                        .server())
                .isPresent();
    }

    @Test
    void tlsOfAGatewayIsTls() throws IOException {
        assertThat(Checked.with(folder, yaml("{name: web, bind: 0}", ""), QUIET, SERVER)
                        .hasTls())
                .isFalse();
        assertThat(Checked.with(folder, yaml("{name: tls, bind: 0, ssl: {bundle: sites}}", ""), QUIET, SERVER)
                        .hasTls())
                .isTrue();
    }

    private GatewaySettings gateway(String text) throws IOException {
        ServerSettings settings = Checked.with(folder, yaml(text, ""), QUIET, SERVER)
                .server()
                .orElseThrow()
                .settings();
        return settings.gateways().get(0);
    }

    private static Optional<Boolean> covers(ServerNames names, String asked, String host) {
        Optional<ServerCertificate> found = names.find(new ClientHello(Optional.of(asked), List.of()));
        return found.map(certificate -> certificate.covers(host));
    }

    @Test
    void severalBundlesAreFoundByTheirNames() throws IOException {
        ServerNames names = gateway("{name: tls, bind: 0, ssl: {bundles: [sites, other]}}")
                .certificates()
                .orElseThrow();

        assertThat(covers(names, "b.example", "a.example")).contains(true);
        assertThat(covers(names, "other.example", "a.example")).contains(false);
        assertThat(covers(names, "unknown.example", "")).isEmpty();
    }

    @Test
    void theTunnelsNameHasTheCertificateOfTheTunnelPortIfThatHasOne() throws IOException {
        String gateway = "{name: tls, bind: 0, ssl: {bundle: sites}, tunnel: Home.Dev.example}";
        GatewaySettings without = gateway(gateway);
        String ssl = yaml(gateway, "").replace("    gateways:", "    ssl: {bundle: other}\n    gateways:");
        GatewaySettings with = Checked.with(folder, ssl, QUIET, SERVER)
                .server()
                .orElseThrow()
                .settings()
                .gateways()
                .get(0);

        assertThat(without.tunnel()).contains("home.dev.example");
        assertThat(covers(without.certificates().orElseThrow(), "home.dev.example", "a.example"))
                .contains(true);
        assertThat(covers(with.certificates().orElseThrow(), "home.dev.example", "a.example"))
                .contains(false);
        assertThat(covers(with.certificates().orElseThrow(), "a.example", "a.example"))
                .contains(true);
    }
}
