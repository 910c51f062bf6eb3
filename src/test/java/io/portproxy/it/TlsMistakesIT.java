package io.portproxy.it;

import static io.portproxy.testing.TestCertificates.CA;
import static io.portproxy.testing.TestCertificates.CLIENT;
import static io.portproxy.testing.TestCertificates.EXPIRED;
import static io.portproxy.testing.TestCertificates.FALSE_CA;
import static io.portproxy.testing.TestCertificates.OTHER;
import static io.portproxy.testing.TestCertificates.SERVER;
import static org.assertj.core.api.Assertions.assertThat;

import io.portproxy.testing.PemFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Tests TLS settings that do not match: each side logs in one line what is wrong. Both sides run in one process. */
class TlsMistakesIT {
    private static final String TOKEN = "a-token-for-these-tests";

    /** A mistake: the certificate that each side shows, the one that it trusts (none of either without TLS), and the text of the lines. */
    enum Mistake {
        A_PLAIN_CLIENT_AT_A_TLS_PORT(SERVER, "", "", "", "TLS: the client does not speak TLS", "the server speaks TLS"),
        A_TLS_CLIENT_AT_A_PLAIN_PORT(
                "",
                "",
                "",
                CA,
                "it speaks TLS, but this server has no certificate for tunnels (portproxy.server.ssl.bundle)",
                "TLS: the server does not speak TLS on this port"),
        AN_UNTRUSTED_CERTIFICATE(
                SERVER,
                "",
                "",
                FALSE_CA,
                "TLS: the client rejected this side's certificate",
                "TLS: the server's certificate is not trusted"),
        AN_EXPIRED_CERTIFICATE(
                EXPIRED,
                "",
                "",
                CA,
                "TLS: the client rejected this side's certificate",
                "TLS: the server's certificate, or the certificate of an authority that signed it, has expired"),
        A_CERTIFICATE_FOR_ANOTHER_HOST(
                OTHER,
                "",
                "",
                CA,
                "TLS: the client rejected this side's certificate",
                "TLS: the server's certificate is not for the name \"127.0.0.1\""),
        A_CLIENT_WITH_ANOTHER_NAMES_CERTIFICATE(
                SERVER,
                CA,
                CLIENT,
                CA,
                "its certificate is for [home], not for its remote name \"r\"",
                "the server refuses: denied: the certificate is not for the remote name"),
        A_CLIENT_WITHOUT_A_CERTIFICATE(
                SERVER,
                CA,
                "",
                CA,
                "TLS: the client has shown no certificate of an authority that this side trusts",
                "the server requires a certificate of an authority that it trusts");

        private final String serverOwn;
        private final String serverTrusts;
        private final String clientOwn;
        private final String clientTrusts;
        private final String serverSays;
        private final String clientSays;

        Mistake(
                String serverOwn,
                String serverTrusts,
                String clientOwn,
                String clientTrusts,
                String serverSays,
                String clientSays) {
            this.serverOwn = serverOwn;
            this.serverTrusts = serverTrusts;
            this.clientOwn = clientOwn;
            this.clientTrusts = clientTrusts;
            this.serverSays = serverSays;
            this.clientSays = clientSays;
        }
    }

    @RegisterExtension
    final Children children = Children.ofTest();

    @TempDir
    Path folder;

    @ParameterizedTest
    @EnumSource
    void isToldByBothSides(Mistake mistake) throws Exception {
        Path configuration = Files.writeString(folder.resolve("both.yaml"), yaml(mistake));

        Child both = PortProxy.start(children, "server,client", configuration, PortProxy.WITHOUT_ADMIN);

        both.awaitOutput("tunnel from ").awaitOutput("no tunnel to ");
        assertThat(both.output().lines().filter(line -> line.contains("tunnel from ")))
                .singleElement()
                .asString()
                .contains(" INFO ", " refused: " + mistake.serverSays);
        assertThat(both.output().lines().filter(line -> line.contains("no tunnel to ")))
                .singleElement()
                .asString()
                .contains(" WARN ", " as remote r: " + mistake.clientSays);
        PortProxy.assertNothingWentWrong(both);
    }

    @Test
    void aClassicClientAtATlsPortIsToldByBothSides() throws Exception {
        String yaml = yaml(Mistake.A_PLAIN_CLIENT_AT_A_TLS_PORT)
                .replaceFirst(" *tokens: .*\n", "")
                .replaceFirst("token: .*\n", "protocol: classic\n");
        Path configuration = Files.writeString(folder.resolve("both.yaml"), yaml);

        Child both = PortProxy.start(children, "server,client", configuration, PortProxy.WITHOUT_ADMIN);

        both.awaitOutput("tunnel from ")
                .awaitOutput("refused: " + Mistake.A_PLAIN_CLIENT_AT_A_TLS_PORT.serverSays)
                .awaitOutput("no tunnel to ")
                .awaitOutput("the peer speaks TLS, and this side was not told to (ssl.bundle)");
    }

    /** Writes a configuration with which the client tries only once while the test runs. */
    private String yaml(Mistake mistake) throws IOException {
        String yaml = """
                portproxy:
                  server:
                    bind: 127.0.0.1:%1$d
                    ssl.client-auth: %2$s
                    proxy:
                      - remote_name: r
                        tokens: [%3$s]
                        port_list: [{bind: %4$d, remote: 1}]
                  client:
                    name: r
                    server: 127.0.0.1:%1$d
                    token: %3$s
                    reconnect: {initial: 5m, max: 5m}
                """.formatted(
                        FreePorts.find(), mistake.serverTrusts.isEmpty() ? "none" : "need", TOKEN, FreePorts.find());
        return yaml
                + bundle("server", mistake.serverOwn, mistake.serverTrusts)
                + bundle("client", mistake.clientOwn, mistake.clientTrusts);
    }

    private String bundle(String side, String own, String trusted) throws IOException {
        return own.isEmpty() && trusted.isEmpty()
                ? ""
                : "portproxy." + side + ".ssl.bundle: " + side + "\n" + PemFiles.bundle(folder, side, own, trusted);
    }
}
