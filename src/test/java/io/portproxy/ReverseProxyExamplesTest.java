package io.portproxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.portproxy.testing.Documents;
import io.portproxy.testing.Documents.Block;
import io.portproxy.testing.PemFiles;
import io.portproxy.testing.Programs;
import io.portproxy.testing.TestCertificates;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Tests that nginx, HAProxy and Caddy accept the examples in the documents. */
class ReverseProxyExamplesTest {
    @TempDir
    static Path folder;

    @BeforeAll
    static void makeCertificates() throws IOException {
        PemFiles.write(folder, "tls", TestCertificates.SERVER, TestCertificates.CA);
        Files.writeString(
                folder.resolve("tls.pem"),
                Files.readString(folder.resolve("tls.crt")) + Files.readString(folder.resolve("tls.key")));
    }

    static Stream<Block> nginx() {
        return Stream.of("nginx", "nginx stream").flatMap(Documents::blocks);
    }

    static Stream<Block> caddy() {
        return Documents.blocks("caddyfile");
    }

    static Stream<Block> haproxy() {
        return Documents.blocks("haproxy");
    }

    @ParameterizedTest
    @MethodSource("nginx")
    void nginxTakesIt(Block block) throws Exception {
        Path program = Programs.require(ReverseProxyExamplesTest.class, "nginx");
        String kind = block.info().equals("nginx stream") ? "stream" : "http";
        String text = block.text().replace("/etc/nginx/tls/", folder + "/");
        Path file = Files.writeString(folder.resolve("nginx.conf"), """
                %spid %s/nginx.pid;
                error_log stderr;
                events {}
                %s {
                %s}
                """.formatted(
                        kind.equals("stream") ? modules() : "", folder, kind, text));

        assertRight(List.of(program.toString(), "-t", "-p", folder.toString(), "-c", file.toString()));
    }

    /** Returns the line that loads {@code stream}, which Debian builds as a module; empty if there is no such module. */
    private static String modules() {
        Path module = Path.of("/usr/lib/nginx/modules/ngx_stream_module.so");
        return Files.exists(module) ? "load_module " + module + ";\n" : "";
    }

    @ParameterizedTest
    @MethodSource("haproxy")
    void haproxyTakesIt(Block block) throws Exception {
        Path program = Programs.require(ReverseProxyExamplesTest.class, "haproxy");
        Path file = Files.writeString(
                folder.resolve("haproxy.cfg"), """
                defaults
                    timeout connect 5s
                    timeout client 1m
                    timeout server 1m

                %s""".formatted(block.text().replace("/etc/haproxy/", folder + "/")));

        assertRight(List.of(program.toString(), "-c", "-f", file.toString()));
    }

    @ParameterizedTest
    @MethodSource("caddy")
    void caddyTakesIt(Block block) throws Exception {
        Path program = Programs.require(ReverseProxyExamplesTest.class, "caddy");
        Path file = Files.writeString(folder.resolve("Caddyfile"), block.text());

        assertRight(List.of(program.toString(), "validate", "--adapter", "caddyfile", "--config", file.toString()));
    }

    private static void assertRight(List<String> command) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("HOME", folder.toString()); // Caddy keeps its data there
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(process.waitFor()).as("%s: %s", command, output).isZero();
    }
}
