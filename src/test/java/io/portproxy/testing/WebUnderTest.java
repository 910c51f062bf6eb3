package io.portproxy.testing;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.awaitility.Awaitility.await;

import io.portproxy.http.ForwardedHeaders;
import io.portproxy.http.HostHeader;
import io.portproxy.http.HostPattern;
import io.portproxy.http.HttpRewriteSettings;
import io.portproxy.net.tls.ServerNames;
import io.portproxy.server.RemoteSettings;
import io.portproxy.server.exposed.PortSettings;
import io.portproxy.server.exposed.PortView;
import io.portproxy.server.exposed.RouteSettings;
import io.portproxy.server.exposed.gateway.GatewaySettings;
import io.portproxy.server.exposed.gateway.HostSettings;
import io.portproxy.server.exposed.user.WebServices;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;

/** A web application of the remote {@code r}, exposed at the gateway {@code web} as {@code app.example} and at a port of {@code type: http}. */
public final class WebUnderTest implements AutoCloseable {
    /** The place where users connect. */
    public enum Door {
        HOST,
        PORT
    }

    private static final int MAX_HEAD = 4096;

    private final ServerUnderTest server;
    private final ClientUnderTest client;
    private final List<PlainSocket> open = new ArrayList<>();

    private WebUnderTest(ServerUnderTest server, ClientUnderTest client) {
        this.server = server;
        this.client = client;
    }

    /** Returns the settings that tests use unless they say otherwise. */
    public static HttpRewriteSettings http(int target) {
        return new HttpRewriteSettings(
                HostHeader.Policy.PRESERVE, "127.0.0.1:" + target, ForwardedHeaders.ADD, List.of(), MAX_HEAD);
    }

    /** Starts an application without TLS that waits long for request heads. */
    public static WebUnderTest start(Speech speech, int target, HttpRewriteSettings http) throws Exception {
        return start(speech, target, http, WebServices.NONE);
    }

    /** Does the same, with pages and an access log. */
    public static WebUnderTest start(Speech speech, int target, HttpRewriteSettings http, WebServices web)
            throws Exception {
        return start(speech, target, http, Duration.ofSeconds(10), Optional.empty(), web);
    }

    public static WebUnderTest start(
            Speech speech, int target, HttpRewriteSettings http, Duration headTimeout, Optional<ServerNames> tls)
            throws Exception {
        return start(speech, target, http, headTimeout, tls, WebServices.NONE);
    }

    private static WebUnderTest start(
            Speech speech,
            int target,
            HttpRewriteSettings http,
            Duration headTimeout,
            Optional<ServerNames> tls,
            WebServices web)
            throws Exception {
        RouteSettings route = new RouteSettings(true, Optional.empty(), target, Optional.of(http));
        PortSettings port = new PortSettings(TestSettings.anyPort(), Optional.empty(), target, Optional.of(http));
        GatewaySettings plain = GatewaySettings.plain(
                "web",
                GatewaySettings.Address.of(TestSettings.anyPort()),
                new GatewaySettings.Requests(headTimeout, 100, MAX_HEAD));
        GatewaySettings gateway = tls.map(plain::withTls).orElse(plain);
        RemoteSettings remote = new RemoteSettings("r", speech.tokens(), List.of(port))
                .withHosts(List.of(new HostSettings(HostPattern.parse("app.example"), "/", Set.of(), route)));
        ServerUnderTest server = new ServerUnderTest(
                TestSettings.server(remote).withGateways(List.of(gateway)).withWeb(web));
        ClientUnderTest client = new ClientUnderTest(speech.client("r", server.tunnelAddress()));
        await().until(() -> !server.role().remotes().get(0).tunnels().isEmpty());
        return new WebUnderTest(server, client);
    }

    public ServerUnderTest server() {
        return server;
    }

    /** Returns the port as the API shows it. */
    public PortView view(Door door) {
        return server.role().remotes().get(0).ports().stream()
                .filter(port -> port.type().equals("host") == (door == Door.HOST))
                .findFirst()
                .orElseThrow();
    }

    public InetSocketAddress address(Door door) {
        return door == Door.HOST ? server.role().gatewayAddresses().get(0) : server.exposed(0);
    }

    /** Connects a user who sends the text. */
    public PlainSocket user(Door door, String sent) throws IOException {
        PlainSocket user = PlainSocket.connect(address(door));
        open.add(user);
        user.send(bytes(sent));
        return user;
    }

    /** Returns the head of a GET request. */
    public static String get(String path, String... fields) {
        return "GET " + path + " HTTP/1.1\r\nHost: app.example\r\n"
                + String.join(
                        "",
                        List.of(fields).stream().map(field -> field + "\r\n").toList()) + "\r\n";
    }

    /** Starts a target that answers each request with 200 and its path, and keeps the request heads. */
    public static Target application(List<String> heads, String... fields) {
        return new Target(socket -> {
            BufferedReader in = new BufferedReader(new InputStreamReader(socket.getInputStream(), ISO_8859_1));
            StringBuilder head = new StringBuilder();
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                head.append(line).append('\n');
                if (line.isEmpty()) {
                    heads.add(head.toString());
                    String body = "at " + head.toString().split(" ", 3)[1] + "\n";
                    String more = String.join(
                            "",
                            List.of(fields).stream()
                                    .map(field -> field + "\r\n")
                                    .toList());
                    socket.getOutputStream()
                            .write(bytes("HTTP/1.1 200 OK\r\n" + more + "Content-Length: " + body.length() + "\r\n\r\n"
                                    + body));
                    head.setLength(0);
                }
            }
        });
    }

    /** Returns an empty list for {@link #application} to fill. */
    public static List<String> heads() {
        return new CopyOnWriteArrayList<>();
    }

    public static byte[] bytes(String text) {
        return text.getBytes(ISO_8859_1);
    }

    public static String text(PlainSocket socket) {
        return new String(socket.received(), ISO_8859_1);
    }

    public static void awaitText(PlainSocket user, String text) {
        await().until(() -> text(user).contains(text));
    }

    @Override
    public void close() throws IOException {
        for (PlainSocket each : open) {
            each.close();
        }
        client.close();
        server.close();
    }
}
