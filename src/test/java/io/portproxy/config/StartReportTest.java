package io.portproxy.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.portproxy.config.check.ProcessSettings;
import io.portproxy.testing.PemFiles;
import io.portproxy.testing.TestCertificates;
import java.io.IOException;
import java.nio.file.Path;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;

/** Tests the report at startup and its warnings. */
@ExtendWith(OutputCaptureExtension.class)
class StartReportTest {
    private static final String ANYBODY = "anybody who reaches";
    private static final String PLAIN = "not encrypted";
    private static final String TOKENS = "tokens: [0123456789-abcdef], ";

    @TempDir
    private Path folder;

    @Test
    void warnsOnceOfTheNamesThatAnybodyCanTakeAndOfPlainTunnels(CapturedOutput output) {
        start("bind: '0.0.0.0:0', proxy: [{remote-name: one}, {" + TOKENS + "remote-name: two}, {remote-name: three}]");

        assertThat(output.toString().split(ANYBODY, -1)).as("once").hasSize(2);
        assertThat(output)
                .containsPattern(ANYBODY + " \\S+:[1-9][0-9]* can connect as remote one, three: ")
                .contains("set portproxy.server.proxy[].tokens", "portproxy.server.classic to deny");
        assertThat(output.toString().split(PLAIN, -1)).as("once").hasSize(2);
        assertThat(output).contains("set portproxy.server.ssl.bundle", "read and change");
    }

    @Test
    void doesNotTakeClassicDeniedForAuthentication() {
        String report = report("bind: '0.0.0.0:0', classic: deny, proxy: [{remote-name: one}]");

        assertThat(report)
                .contains("can connect as remote one: ", "set portproxy.server.proxy[].tokens")
                .doesNotContain("portproxy.server.classic");
    }

    @Test
    void doesNotWarnOfNamesThatHaveTokens() {
        String report = report("bind: '0.0.0.0:0', proxy: [{" + TOKENS + "remote-name: one}]");

        assertThat(report).contains(PLAIN).doesNotContain(ANYBODY);
    }

    @Test
    void doesNotWarnOnLoopback() {
        String report = report("bind: '127.0.0.1:0', proxy: [{remote-name: one}]");

        assertThat(report).contains("remotes connect to 127.0.0.1:").doesNotContain(ANYBODY, PLAIN, "(TLS)");
    }

    @Test
    void doesNotWarnWhereCertificatesProveTheNames(CapturedOutput output) throws IOException {
        String bundle = PemFiles.bundle(folder, "own", TestCertificates.SERVER, TestCertificates.CA);

        start("bind: '0.0.0.0:0', ssl: {bundle: own, client-auth: need}, proxy: [{remote-name: one}]", bundle);

        assertThat(output)
                .containsPattern("remotes connect to \\S+:[1-9][0-9]* \\(TLS\\)")
                .doesNotContain(ANYBODY, PLAIN);
    }

    @Test
    void warnsOfNamesThatAnybodyCanTakeThroughAGateway(CapturedOutput output) throws IOException {
        String bundle = PemFiles.bundle(folder, "own", TestCertificates.SITES, "");

        start(
                "bind: '127.0.0.1:0', proxy: [{remote-name: one, host-list: [{host: a.example, remote: 8000}]}], gateways:"
                        + " [{name: web, bind: '127.0.0.1:0', redirect-to-https: true},"
                        + " {name: tls, bind: '0.0.0.0:0', ssl: {bundle: own}, tunnel: t.dev.example}]",
                bundle);

        assertThat(output)
                .containsPattern("gateway web listens at 127.0.0.1:[1-9][0-9]* and redirects to https")
                .containsPattern(
                        "gateway tls listens at \\S+:[1-9][0-9]* \\(TLS\\), also for remotes that connect to t.dev")
                .contains("host a.example is exposed for 127.0.0.1:8000 of remote one")
                .containsPattern(ANYBODY + " \\S+:[1-9][0-9]* can connect as remote one: ")
                .doesNotContain(PLAIN, "exposes nothing");
    }

    @Test
    void namesWhatIsExposedForWhichTarget(CapturedOutput output) {
        start("bind: '127.0.0.1:0', proxy: [{remote-name: one, port-list: ["
                + "{bind: 0, remote: 22}, {bind: 0, type: http, remote: 'db.example:80'}, {bind: 0, remote: '[::1]:5'}]},"
                + " {remote-name: two}]");

        assertThat(output)
                .containsPattern("127\\.0\\.0\\.1:[1-9][0-9]* is exposed \\(tcp\\) for port 22 of remote one")
                .contains("is exposed (http) for db.example:80 of remote one")
                .contains("is exposed (tcp) for [::1]:5 of remote one")
                .contains("remote two exposes nothing");
    }

    @Test
    void saysWhatRemotesMayAskFor() {
        String report = report("bind: '127.0.0.1:0', gateways: [{name: web, bind: '127.0.0.1:0'}], proxy: ["
                + "{" + TOKENS + "remote-name: one, grants: {hosts: '{name}.a.example'}}, "
                + "{" + TOKENS.replace("0", "x") + "remote-name: two, grants: {ports: 20000-20010}}, "
                + "{" + TOKENS.replace("0", "y")
                + "remote-name: three, grants: {ports: 20020-20030, hosts: b.example}}]");

        assertThat(report)
                .contains("remote one may ask for host {name}.a.example")
                .containsPattern("remote two may ask for ports 20000-20010 of [0-9.]+\\R")
                .containsPattern("remote three may ask for ports 20020-20030 of [0-9.]+ and host b\\.example");
    }

    @ParameterizedTest
    @ValueSource(strings = {"192.0.2.1:1", "'[2001:db8::1]:1'", "nobody.invalid:1"})
    void warnsOfAPlainTunnelToAnotherHost(String server) {
        assertThat(reportOfClient(server))
                .contains("set portproxy.client.ssl.bundle")
                .doesNotContain(ANYBODY);
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1:1", "'[::1]:1'", "localhost:1"})
    void doesNotWarnOfAPlainTunnelToThisHost(String server) {
        assertThat(reportOfClient(server)).contains("remote one connects to").doesNotContain(PLAIN);
    }

    private void start(String server, String... more) {
        String yaml = server(server) + String.join("", more);
        try (ConfigurableApplicationContext context = Started.with(folder, yaml, "--spring.profiles.active=server")) {
            assertThat(context.isRunning()).isTrue();
        }
    }

    @Test
    void isLoggedByAClientToo(CapturedOutput output) {
        try (ConfigurableApplicationContext context =
                Started.with(folder, client("127.0.0.1:1"), "--spring.profiles.active=client")) {
            assertThat(context.isRunning()).isTrue();
        }

        assertThat(output).contains("remote one connects to").doesNotContain(PLAIN);
    }

    /** Returns the report of a server that does not start. */
    private String report(String server) {
        return report(Checked.with(folder, server(server), "--spring.profiles.active=server"));
    }

    private String reportOfClient(String server) {
        return report(Checked.with(folder, client(server), "--spring.profiles.active=client"));
    }

    private static String report(ProcessSettings configuration) {
        return StartReport.lines(configuration).stream()
                .map(StartReport.Line::text)
                .collect(Collectors.joining("\n", "", "\n"));
    }

    private static String server(String server) {
        return "portproxy: {workers: 1, server: {" + server + "}}\n";
    }

    private static String client(String server) {
        // The client does not connect before the report, and does not look the name up.
        return "portproxy: {workers: 1, client: {name: one, resolve-at-start: false, server: " + server + "}}";
    }
}
