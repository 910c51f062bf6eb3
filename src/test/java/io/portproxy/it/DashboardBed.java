package io.portproxy.it;

import io.portproxy.protocol.Dialect;
import io.portproxy.testing.RawTarget;
import io.portproxy.testing.TestRemote;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A proxy server with a dashboard, its remote {@code home} with a target and a dashboard of its own, and other remotes, which are not
 * connected until a test connects them.
 */
final class DashboardBed implements AutoCloseable {
    /** The name of a remote that a page must show as text. */
    static final String EVIL = "<img src=x onerror=alert(1)>";

    private final Children children;
    private final Path folder;
    private final int admin = FreePorts.find();
    private final int clientAdmin = FreePorts.find();
    private final int tunnel = FreePorts.find();
    private final RawTarget target;
    private final List<Child> started = new ArrayList<>();
    private Child server;

    /** The exposed ports of {@code home} and of {@code guest}. */
    final int home = FreePorts.find();

    final int guest = FreePorts.find();

    DashboardBed(Children children, Path folder) throws IOException {
        this.children = children;
        this.folder = folder;
        this.target = RawTarget.open();
        this.server = startServer();
        Child client = start("client", clientAdmin, """
                portproxy:
                  admin.users: [{name: alice, password: '{noop}alice-secret', role: admin}]
                  client: {name: home, server: "127.0.0.1:%d", reconnect.initial: 100ms, reconnect.max: 500ms}
                """.formatted(tunnel));
        server.awaitOutput(PortProxy.STARTED);
        client.awaitOutput(" is up as remote home");
    }

    private Child start(String profile, int port, String configuration) throws IOException {
        Path file = Files.writeString(folder.resolve(profile + ".yml"), configuration);
        List<String> command = PortProxy.command(profile, file);
        command.set(command.indexOf("--server.port=0"), "--server.port=" + port);
        Child child = children.start(command);
        started.add(child);
        return child;
    }

    /** Checks that no process has logged a line at ERROR or a stack trace. */
    void assertNothingWentWrong() {
        started.forEach(PortProxy::assertNothingWentWrong);
    }

    private Child startServer() throws IOException {
        return start("server", admin, """
                portproxy:
                  shutdown-grace: 0
                  admin.users:
                    - {name: alice, password: '{noop}alice-secret', role: admin}
                    - {name: bob, password: '{noop}bob-secret'}
                  server:
                    bind: 127.0.0.1:%d
                    proxy:
                      - {remote-name: home, port-list: [{bind: %d, remote: %d}]}
                      - {remote-name: guest, port-list: [{bind: %d, remote: 9}]}
                      - {remote-name: "%s", port-list: [{bind: %d, remote: 9}]}
                """.formatted(tunnel, home, target.port(), guest, EVIL, FreePorts.find()));
    }

    /** Ends the server, which loses its sessions. */
    void stopServer() throws InterruptedException {
        server.end();
    }

    /** Starts the server again, at the same addresses. */
    void restartServer() throws IOException {
        server = startServer().awaitOutput(PortProxy.STARTED);
    }

    TestRemote greet(String name) throws Exception {
        return TestRemote.greeted(Dialect.CLASSIC, TwoProcesses.address(tunnel), name);
    }

    RawTarget target() {
        return target;
    }

    String url(String route) {
        return "http://127.0.0.1:" + admin + "/" + route;
    }

    /** Returns the routes of the pages of the server's dashboard, by what the pages show. */
    Map<String, String> pages() {
        return Map.of(
                "overview", "#/",
                "connections", "#/connections",
                "events", "#/events",
                "remote", "#/remotes/home",
                "port", "#/ports/127.0.0.1:" + home);
    }

    /** Returns the address of the dashboard of {@code home}. */
    String clientUrl() {
        return "http://127.0.0.1:" + clientAdmin + "/";
    }

    @Override
    public void close() throws IOException {
        target.close();
    }
}
