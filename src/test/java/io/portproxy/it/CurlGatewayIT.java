package io.portproxy.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.portproxy.server.RemoteSettings;
import io.portproxy.testing.ClientUnderTest;
import io.portproxy.testing.PemFiles;
import io.portproxy.testing.Programs;
import io.portproxy.testing.ServerUnderTest;
import io.portproxy.testing.Speech;
import io.portproxy.testing.Target;
import io.portproxy.testing.TestCertificates;
import io.portproxy.testing.TestSettings;
import io.portproxy.testing.WebUnderTest;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests curl with each version of HTTP at a gateway with TLS. */
class CurlGatewayIT {
    private static final String NAME = "curl.dev.example";

    @RegisterExtension
    final Children children = Children.ofTest();

    @TempDir
    Path folder;

    /** The gateway speaks only HTTP/1.1. It tells curl so in the TLS handshake (ALPN) when curl asks for HTTP/2. */
    @ParameterizedTest
    @CsvSource({"--http1.0, HTTP/1.0", "--http1.1, HTTP/1.1", "--http2, HTTP/1.1"})
    void eachVersionIsAnswered(String option, String sent) throws Exception {
        Path curl = Programs.require(CurlGatewayIT.class, "curl");
        PemFiles.write(folder, "test", "", TestCertificates.CA);
        List<String> heads = WebUnderTest.heads();
        try (Target target = WebUnderTest.application(heads);
                ServerUnderTest server = server(target.port());
                ClientUnderTest client = new ClientUnderTest(Speech.EXTENDED.client("r", server.tunnelAddress()))) {
            client.awaitConnected(server);
            int port = server.role().gatewayAddresses().get(0).getPort();

            String printed = children.run(
                    curl,
                    "--silent",
                    "--show-error",
                    option,
                    "--cacert",
                    folder.resolve("test.ca"),
                    "--resolve",
                    NAME + ":" + port + ":127.0.0.1",
                    "--write-out",
                    "%{response_code} by HTTP/%{http_version}\n",
                    "https://" + NAME + ":" + port + "/a",
                    "https://" + NAME + ":" + port + "/b");

            assertThat(printed).isEqualTo("""
                    at /a
                    200 by HTTP/1.1
                    at /b
                    200 by HTTP/1.1
                    """);
            assertThat(heads)
                    .hasSize(2)
                    .allSatisfy(head -> assertThat(head)
                            .containsPattern("^GET /[ab] " + sent + "\n")
                            .contains("X-Forwarded-Proto: https\n"));
        }
    }

    private static ServerUnderTest server(int target) throws Exception {
        RemoteSettings remote = new RemoteSettings("r", Speech.EXTENDED.tokens(), List.of())
                .withHosts(List.of(TlsGateway.host(NAME, target, WebUnderTest.http(target))));
        return new ServerUnderTest(TestSettings.server(remote).withGateways(List.of(TlsGateway.settings())));
    }
}
