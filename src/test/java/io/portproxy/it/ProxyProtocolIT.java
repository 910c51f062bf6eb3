package io.portproxy.it;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.portproxy.net.AddressRange;
import io.portproxy.net.AddressSet;
import io.portproxy.net.ProxyHeader.Version;
import io.portproxy.server.RemoteSettings;
import io.portproxy.server.exposed.PortSettings;
import io.portproxy.testing.ClientUnderTest;
import io.portproxy.testing.Programs;
import io.portproxy.testing.ServerUnderTest;
import io.portproxy.testing.Speech;
import io.portproxy.testing.Target;
import io.portproxy.testing.TestSettings;
import io.portproxy.testing.WebUnderTest;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests nginx and HAProxy on both sides of a tunnel. They tell each other by the PROXY protocol who the user is: 127.0.0.3. */
class ProxyProtocolIT {
    private static final String USER = "127.0.0.3";

    /** The path of the module in Debian and others, if it is not part of the program. */
    private static final Path NGINX_STREAM = Path.of("/usr/lib/nginx/modules/ngx_stream_module.so");

    private static final Path POSTFIX_MASTER = Path.of("/usr/lib/postfix/sbin/master");

    @RegisterExtension
    final Children children = Children.ofTest();

    @TempDir
    Path folder;

    private Path curl;

    @BeforeEach
    void find() {
        curl = Programs.require(ProxyProtocolIT.class, "curl");
    }

    private void nginx(String blocks) throws IOException {
        Path nginx = Programs.require(ProxyProtocolIT.class, "nginx");
        Path configuration = Files.writeString(folder.resolve("nginx.conf"), """
                daemon off;
                master_process off;
                pid nginx.pid;
                error_log stderr;
                """ + blocks);
        children.start(Children.command(nginx, "-p", folder, "-e", "stderr", "-c", configuration));
    }

    private void haproxy(String sections) throws IOException {
        Path haproxy = Programs.require(ProxyProtocolIT.class, "haproxy");
        Path configuration = Files.writeString(folder.resolve("haproxy.cfg"), """
                defaults
                  timeout connect 10s
                  timeout client 20s
                  timeout server 20s
                """ + sections);
        children.start(Children.command(haproxy, "-db", "-f", configuration));
    }

    private static void awaitListening(int port) {
        await().ignoreExceptions().until(() -> {
            try (Socket socket = new Socket()) {
                socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1000);
                return true;
            }
        });
    }

    private String ask(int port) throws Exception {
        return children.run(
                curl,
                "--silent",
                "--show-error",
                "--fail",
                "--noproxy",
                "*",
                "--max-time",
                "20",
                "--interface",
                USER,
                "http://127.0.0.1:" + port + "/who");
    }

    private static RemoteSettings remote(PortSettings port) {
        return new RemoteSettings("r", Speech.EXTENDED.tokens(), List.of(port));
    }

    /** Returns the answer to a user at a port with these settings. */
    private String askThrough(PortSettings settings) throws Exception {
        try (ServerUnderTest server = new ServerUnderTest(TestSettings.server(remote(settings)));
                ClientUnderTest client = new ClientUnderTest(Speech.EXTENDED.client("r", server.tunnelAddress()))) {
            client.awaitConnected(server);
            return ask(server.exposed(0).getPort());
        }
    }

    @ParameterizedTest
    @EnumSource
    void nginxAsATargetLearnsWhoTheUserIs(Version version) throws Exception {
        int port = FreePorts.find();
        nginx("""
                events { worker_connections 64; }
                http {
                  access_log off;
                  client_body_temp_path body;
                  proxy_temp_path proxy;
                  fastcgi_temp_path fastcgi;
                  uwsgi_temp_path uwsgi;
                  scgi_temp_path scgi;
                  server {
                    listen 127.0.0.1:%d proxy_protocol;
                    location / { return 200 "you are $proxy_protocol_addr"; }
                  }
                }
                """.formatted(port));
        awaitListening(port);

        assertThat(askThrough(TestSettings.tcp(TestSettings.anyPort(), port).withProxyProtocol(Optional.of(version))))
                .isEqualTo("you are " + USER);
    }

    @ParameterizedTest
    @EnumSource
    void haproxyAsATargetLearnsWhoTheUserIs(Version version) throws Exception {
        int port = FreePorts.find();
        haproxy("""
                frontend target
                  mode http
                  bind 127.0.0.1:%d accept-proxy
                  http-request return status 200 content-type text/plain lf-string "you are %%[src], %%[fc_pp_unique_id]"
                """.formatted(port));
        awaitListening(port);

        assertThat(askThrough(TestSettings.tcp(TestSettings.anyPort(), port).withProxyProtocol(Optional.of(version))))
                .matches("you are " + USER + ", " + (version == Version.V1 ? "" : "[0-9a-f]{12}"));
    }

    /** Postfix sends first, and refuses only this user. Only root can start its parts. */
    @ParameterizedTest
    @EnumSource
    void postfixAsATargetLearnsWhoTheUserIs(Version version) throws Exception {
        Path postfix = Programs.require(ProxyProtocolIT.class, "postfix");
        assumeTrue(
                System.getProperty("user.name").equals("root"),
                "ProxyProtocolIT needs to be root to start Postfix, which is not so");
        int port = FreePorts.find();
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        Path settings = Files.createDirectory(folder.resolve("settings"));
        Files.createDirectory(folder.resolve("spool"));
        Path data = Files.createDirectory(folder.resolve("data"));
        children.run(Programs.require(ProxyProtocolIT.class, "chown"), "postfix", data);
        Files.writeString(settings.resolve("main.cf"), """
                compatibility_level = 3.6
                queue_directory = %1$s/spool
                data_directory = %1$s/data
                inet_interfaces = 127.0.0.1
                inet_protocols = ipv4
                myhostname = mail.example
                maillog_file = /dev/stdout
                maillog_file_prefixes = /dev
                smtpd_upstream_proxy_protocol = haproxy
                smtpd_delay_reject = no
                smtpd_client_restrictions = check_client_access inline:{ {%2$s = REJECT known} }
                """.formatted(folder, USER));
        Files.writeString(settings.resolve("master.cf"), """
                127.0.0.1:%d inet n - n - - smtpd
                postlog unix-dgram n - n - 1 postlogd
                anvil unix - - n - 1 anvil
                rewrite unix - - n - - trivial-rewrite
                proxymap unix - - n - - proxymap
                """.formatted(port));
        children.run(postfix, "-c", settings, "check");
        children.start(Children.command(POSTFIX_MASTER, "-c", settings, "-d"));
        awaitListening(port);

        PortSettings exposed = TestSettings.tcp(TestSettings.anyPort(), port).withProxyProtocol(Optional.of(version));
        assertThat(banner(exposed, USER)).isEqualTo("554 5.7.1 <unknown[" + USER + "]>: Client host rejected: known");
        assertThat(banner(exposed, "127.0.0.1")).isEqualTo("220 mail.example ESMTP Postfix");
    }

    /** Returns the first line that a user receives. */
    private static String banner(PortSettings settings, String user) throws Exception {
        try (ServerUnderTest server = new ServerUnderTest(TestSettings.server(remote(settings)));
                ClientUnderTest client = new ClientUnderTest(Speech.EXTENDED.client("r", server.tunnelAddress()))) {
            client.awaitConnected(server);
            try (Socket socket = new Socket()) {
                socket.bind(new InetSocketAddress(user, 0));
                socket.setSoTimeout(20_000);
                socket.connect(server.exposed(0), 1000);
                return new BufferedReader(new InputStreamReader(socket.getInputStream(), US_ASCII)).readLine();
            }
        }
    }

    /** Tests a front that is started at a given port. */
    private void askByAFront(Front front) throws Exception {
        List<String> heads = WebUnderTest.heads();
        try (Target target = WebUnderTest.application(heads)) {
            PortSettings settings = new PortSettings(
                            TestSettings.anyPort(),
                            Optional.empty(),
                            target.port(),
                            Optional.of(WebUnderTest.http(target.port())))
                    .withProxies(AddressSet.of(List.of(AddressRange.parse("127.0.0.1"))));
            try (ServerUnderTest server = new ServerUnderTest(TestSettings.server(remote(settings)));
                    ClientUnderTest client = new ClientUnderTest(Speech.EXTENDED.client("r", server.tunnelAddress()))) {
                client.awaitConnected(server);
                int port = FreePorts.find();
                front.start(port, server.exposed(0).getPort());
                awaitListening(port);

                assertThat(ask(port)).isEqualTo("at /who\n");
                assertThat(heads).singleElement().asString().contains("X-Forwarded-For: " + USER + "\n");
            }
        }
    }

    private interface Front {
        void start(int port, int to) throws IOException;
    }

    @ParameterizedTest
    @ValueSource(strings = {"send-proxy", "send-proxy-v2", "send-proxy-v2 proxy-v2-options crc32c,unique-id"})
    void haproxyInFrontSaysWhoTheUserIs(String how) throws Exception {
        askByAFront((port, to) -> haproxy("""
                frontend front
                  mode tcp
                  bind 127.0.0.1:%d
                  unique-id-format %%{+X}o%%ci%%cp
                  default_backend portproxy
                backend portproxy
                  mode tcp
                  server portproxy 127.0.0.1:%d %s
                """.formatted(port, to, how)));
    }

    @Test
    void nginxInFrontSaysWhoTheUserIs() throws Exception {
        askByAFront((port, to) ->
                nginx("""
                %s
                events { worker_connections 64; }
                stream {
                  server {
                    listen 127.0.0.1:%d;
                    proxy_pass 127.0.0.1:%d;
                    proxy_protocol on;
                  }
                }
                """.formatted(Files.exists(NGINX_STREAM) ? "load_module " + NGINX_STREAM + ";" : "", port, to)));
    }
}
