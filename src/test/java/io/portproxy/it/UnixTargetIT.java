package io.portproxy.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.portproxy.client.AllowedSockets;
import io.portproxy.http.ForwardedHeaders;
import io.portproxy.http.HostHeader;
import io.portproxy.http.HttpRewriteSettings;
import io.portproxy.net.ProxyHeader;
import io.portproxy.net.UnixBind;
import io.portproxy.net.UnixPath;
import io.portproxy.server.RemoteSettings;
import io.portproxy.server.exposed.PortAddress;
import io.portproxy.server.exposed.PortSettings;
import io.portproxy.testing.ClientUnderTest;
import io.portproxy.testing.Programs;
import io.portproxy.testing.ServerUnderTest;
import io.portproxy.testing.Speech;
import io.portproxy.testing.TestSettings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Tests nginx at a unix socket with curl in front of it. curl connects to a port and to a unix socket. */
class UnixTargetIT {
    private static final int HEAD = 32 * 1024;
    private static final int MEBIBYTES = 16;

    @RegisterExtension
    final Children children = Children.ofTest();

    @TempDir
    Path folder;

    private static final String CONFIGURATION = """
            daemon off;
            master_process off;
            pid nginx.pid;
            error_log stderr;
            events { worker_connections 64; }
            http {
              access_log off;
              client_body_temp_path body;
              proxy_temp_path proxy;
              fastcgi_temp_path fastcgi;
              uwsgi_temp_path uwsgi;
              scgi_temp_path scgi;
              server {
                listen unix:app.sock;
                root www;
                location /seen { return 200 "Host $http_host; For $http_x_forwarded_for"; }
              }
              server {
                listen unix:told.sock proxy_protocol;
                location / { return 200 "user $proxy_protocol_addr"; }
              }
            }
            """;

    private PortSettings port(String socket, Optional<HttpRewriteSettings> http) {
        return new PortSettings(TestSettings.anyPort(), Optional.of("unix:" + folder.resolve(socket)), 0, http);
    }

    @Test
    void servesHttpBytesAndTheUsersAddress() throws Exception {
        Path curl = Programs.require(UnixTargetIT.class, "curl");
        Path nginx = Programs.require(UnixTargetIT.class, "nginx");
        String hash =
                TestFiles.random(Files.createDirectories(folder.resolve("www")).resolve("file"), MEBIBYTES);
        Path configuration =
                Files.writeString(folder.resolve("nginx.conf"), CONFIGURATION.replace("unix:", "unix:" + folder + "/"));
        children.start(Children.command(nginx, "-p", folder, "-e", "stderr", "-c", configuration));
        await().until(() -> Files.exists(folder.resolve("told.sock")));
        HttpRewriteSettings http =
                new HttpRewriteSettings(HostHeader.Policy.REWRITE, "localhost", ForwardedHeaders.ADD, List.of(), HEAD);
        Path exposed = folder.resolve("exposed.sock");
        RemoteSettings remote = new RemoteSettings(
                "r",
                Speech.EXTENDED.tokens(),
                List.of(
                        port("app.sock", Optional.of(http)),
                        port("app.sock", Optional.empty()),
                        port("told.sock", Optional.empty()).withProxyProtocol(Optional.of(ProxyHeader.Version.V2)),
                        port("app.sock", Optional.of(http))
                                .at(new PortAddress.Socket(UnixBind.parse("unix:" + exposed + "|0600")))));
        try (ServerUnderTest server = new ServerUnderTest(TestSettings.server(remote));
                ClientUnderTest client = new ClientUnderTest(Speech.EXTENDED
                        .client("r", server.tunnelAddress())
                        .withAllow(new AllowedSockets(new UnixPath(folder.toString()), true)))) {
            client.awaitConnected(server);
            assertThat(curl(curl, server, 0, "/seen")).isEqualTo("Host localhost; For 127.0.0.1");
            assertThat(curl(curl, server, 2, "/")).isEqualTo("user 127.0.0.1");
            assertThat(children.run(new ProcessBuilder(Children.command(
                            curl, "--silent", "--fail", "--unix-socket", exposed, "http://localhost/seen"))))
                    .isEqualTo("Host localhost; For 127.0.0.1");
            Path got = folder.resolve("got");
            children.run(new ProcessBuilder(Children.command(
                    curl, "--silent", "--fail", "--noproxy", "*", "--output", got, url(server, 1, "/file"))));
            assertThat(TestFiles.hash(got)).isEqualTo(hash);
        }
    }

    private static String url(ServerUnderTest server, int port, String path) {
        return "http://127.0.0.1:" + server.exposed(port).getPort() + path;
    }

    private String curl(Path curl, ServerUnderTest server, int port, String path) throws Exception {
        return children.run(new ProcessBuilder(
                Children.command(curl, "--silent", "--fail", "--noproxy", "*", url(server, port, path))));
    }
}
