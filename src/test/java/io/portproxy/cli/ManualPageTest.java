package io.portproxy.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

/** Tests the manual page and the shell completion that the package contains. */
class ManualPageTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private final Console console = new Console(
            new ByteArrayInputStream(new byte[0]),
            new PrintWriter(out),
            new PrintWriter(err),
            Map.of(),
            Optional.empty());

    @TempDir
    private Path folder;

    private String output(String command) {
        int exitCode = Commands.run(new String[] {command}, console, launch -> {
            throw new AssertionError("nothing is to be started");
        });
        assertThat(exitCode).as("%s", err).isZero();
        return out.toString();
    }

    @Test
    void thePageHasEachCommandAndOption() {
        String page = output("manual");

        CommandSpec program = Commands.commandLine(console).getCommandSpec();
        for (CommandLine line : program.subcommands().values()) {
            CommandSpec command = line.getCommandSpec();
            assertThat(page).contains(".SS " + command.name().replace("-", "\\-") + "\n");
            command.options()
                    .forEach(option -> assertThat(page)
                            .contains("\\fB" + option.longestName().replace("-", "\\-") + "\\fR"));
        }
        assertThat(page)
                .startsWith(".TH PORTPROXY 1 ")
                .contains(
                        "\\fB\\-\\-expose\\fR \\fINAME:BIND=TARGET\\fR\n",
                        ".SH EXIT STATUS",
                        "/etc/portproxy/server.yml");
        // A line that begins with a dot is a macro. The page uses only these macros.
        assertThat(page.lines().filter(line -> line.startsWith(".")))
                .allMatch(line -> line.matches("\\.(TH|SH|SS|PP|TP|B|I|br)( .*)?"));
    }

    @Test
    void theScriptCompletesCommandsAndOptionsInBash() throws Exception {
        Path script = Files.writeString(folder.resolve("portproxy"), output("completion"));

        assertThat(completed(script, "portproxy", "se")).containsExactly("serve");
        assertThat(completed(script, "portproxy", "serve", "--expose-")).containsExactly("--expose-http");
        assertThat(completed(script, "portproxy", "check", "connect", "--tls-c"))
                .contains("--tls-ca", "--tls-cert");
    }

    /** Returns what bash offers for the last word. */
    private static List<String> completed(Path script, String... words) throws Exception {
        Process bash = new ProcessBuilder(
                        "bash",
                        "-c",
                        // Bash allows compopt only during a real completion.
                        "compopt() { :; }; source " + script + "; COMP_WORDS=(" + String.join(" ", words)
                                + "); COMP_CWORD=" + (words.length - 1)
                                + "; _complete_portproxy; printf '%s\\n' \"${COMPREPLY[@]}\"")
                .redirectErrorStream(true)
                .start();
        String offered = new String(bash.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(bash.waitFor()).as(offered).isZero();
        return offered.lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty())
                .toList();
    }
}
