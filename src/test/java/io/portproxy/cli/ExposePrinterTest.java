package io.portproxy.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.portproxy.client.ExposedTarget;
import io.portproxy.protocol.ExposeRefusal;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.Charset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

class ExposePrinterTest {
    private static final String TARGET = "127.0.0.1:8080";
    private static final ExposedTarget EXPOSED = new ExposedTarget(TARGET, "proxy.example.net", 20417);

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private final List<Integer> exits = new CopyOnWriteArrayList<>();

    private ExposePrinter printer(boolean json) {
        return new ExposePrinter(console(false), json, false, exits::add);
    }

    private Console console(boolean terminal) {
        return new Console(
                InputStream.nullInputStream(),
                new PrintWriter(out, true),
                new PrintWriter(err, true),
                Map.of(),
                terminal ? Optional.of(question -> "") : Optional.empty());
    }

    @Test
    void printsALineForEachTarget() {
        printer(false).exposed(EXPOSED);

        await().untilAsserted(() ->
                assertThat(out.toString().lines()).containsExactly("tcp://proxy.example.net:20417 -> 127.0.0.1:8080"));
        assertThat(exits).isEmpty();
    }

    @Test
    void printsAJsonObjectALine() {
        printer(true).exposed(EXPOSED);

        await().untilAsserted(() -> assertThat(out.toString().lines())
                .containsExactly("{\"target\":\"127.0.0.1:8080\",\"type\":\"tcp\","
                        + "\"address\":\"proxy.example.net:20417\",\"host\":\"proxy.example.net\",\"port\":20417}"));
    }

    @Test
    void printsWhatUsersOfAWebApplicationWrite() {
        ExposedTarget web =
                new ExposedTarget(TARGET, "ann.dev.example.com", 443, Optional.of("https://ann.dev.example.com"));
        printer(false).exposed(web);
        printer(true).exposed(web);

        await().untilAsserted(
                        () -> assertThat(out.toString().lines())
                                .containsExactlyInAnyOrder(
                                        "https://ann.dev.example.com -> 127.0.0.1:8080",
                                        "{\"target\":\"127.0.0.1:8080\",\"type\":\"http\",\"url\":\"https://ann.dev.example.com\","
                                                + "\"address\":\"ann.dev.example.com:443\",\"host\":\"ann.dev.example.com\",\"port\":443}"));
    }

    @Test
    void drawsTheAddressOfAWebApplicationOnce() {
        ExposedTarget web =
                new ExposedTarget(TARGET, "ann.dev.example.com", 443, Optional.of("https://ann.dev.example.com"));
        ExposePrinter printer = new ExposePrinter(console(true), false, true, exits::add);
        printer.exposed(web);
        printer.exposed(web);
        printer.exposed(EXPOSED);

        await().until(() -> out.toString().contains("tcp://"));
        List<String> lines = out.toString().lines().toList();
        assertThat(lines).filteredOn(line -> line.contains(" -> ")).hasSize(3);
        List<String> drawn =
                lines.stream().filter(line -> !line.contains(" -> ")).toList();
        assertThat(lines.subList(1, drawn.size() + 1)).isEqualTo(drawn);
        assertThat(drawn).isEqualTo(QrCode.of("https://ann.dev.example.com").orElseThrow());
    }

    @ParameterizedTest
    @CsvSource({
        "--http 3000, true, true",
        "--http 3000, false, false",
        "--http 3000 --no-qr, true, false",
        "--http 3000 -o json, true, false",
        "3000, true, false"
    })
    void drawsForAPersonAtATerminalAlone(String options, boolean terminal, boolean draws) {
        ExposeCommand command = new ExposeCommand();
        new CommandLine(command).parseArgs((options + " --server h:1 --name a").split(" ", -1));

        boolean canBeWritten = Charset.defaultCharset().newEncoder().canEncode(QrCode.CHARACTERS);
        assertThat(command.draws(console(terminal))).isEqualTo(draws && canBeWritten);
    }

    @ParameterizedTest
    @CsvSource({"OUTSIDE, 78", "NOT_GRANTED, 78", "UNSUPPORTED, 78", "TAKEN, 1", "NONE_FREE, 1", "LIMIT, 1", "BUSY, 1"})
    void endsTheProcessWhenATargetIsNotExposed(ExposeRefusal reason, int code) {
        printer(false).refused(TARGET, reason, "the reason");

        await().untilAsserted(() -> assertThat(exits).containsExactly(code));
        assertThat(err.toString()).isEqualToIgnoringNewLines("127.0.0.1:8080 is not exposed: the reason");
        assertThat(out.toString()).isEmpty();
    }

    @Test
    void refusesInJson() {
        printer(true).refused(TARGET, ExposeRefusal.TAKEN, "the \"reason\"");

        await().untilAsserted(() -> assertThat(exits).containsExactly(1));
        assertThat(out.toString())
                .isEqualToIgnoringNewLines(
                        "{\"target\":\"127.0.0.1:8080\",\"refused\":\"taken\",\"message\":\"the \\\"reason\\\"\"}");
    }

    @Test
    void goesOnWhenAPortIsOnlyTakenAfterItWasThere() {
        ExposePrinter printer = printer(false);
        printer.exposed(EXPOSED);

        printer.refused(TARGET, ExposeRefusal.TAKEN, "taken");
        printer.exposed(EXPOSED);

        await().untilAsserted(() -> assertThat(out.toString().lines()).hasSize(2));
        assertThat(exits).isEmpty();

        printer.refused(TARGET, ExposeRefusal.NOT_GRANTED, "it is not granted any more");
        await().untilAsserted(() -> assertThat(exits).containsExactly(78));
    }
}
