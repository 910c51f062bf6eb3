package io.portproxy.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.portproxy.testing.Documents;
import io.portproxy.testing.Documents.Block;
import java.io.ByteArrayInputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.yaml.snakeyaml.Yaml;
import picocli.CommandLine;

/** Tests the Compose files in the documents: the commands exist, and the containers are as confined as the text says. */
class ComposeExamplesTest {
    static Stream<Block> blocks() {
        return Documents.blocks("yaml compose");
    }

    @ParameterizedTest
    @MethodSource("blocks")
    void runsACommandThatThereIs(Block block) {
        Map<String, Map<String, Map<String, Object>>> file = new Yaml().load(block.text());
        List<Map<String, Object>> ours = file.get("services").values().stream()
                .filter(service -> service.get("image").equals("portproxy"))
                .toList();

        assertThat(ours).hasSize(1).allSatisfy(service -> {
            assertThat(service)
                    .containsEntry("read_only", true)
                    .containsEntry("cap_drop", List.of("ALL"))
                    .containsEntry("tmpfs", List.of("/tmp:exec"));
            @SuppressWarnings("unchecked")
            String[] command = ((List<String>) service.get("command")).toArray(String[]::new);
            if (Commands.areMeant(command)) {
                CommandLine line = Commands.commandLine(new Console(
                        new ByteArrayInputStream(new byte[0]),
                        new PrintWriter(new StringWriter()),
                        new PrintWriter(new StringWriter()),
                        Map.of(),
                        Optional.empty()));
                assertThat(line.parseArgs(command).hasSubcommand()).isTrue();
            } else {
                assertThat(command).allMatch(option -> option.matches("--spring\\.[a-z.-]+=.+"));
            }
        });
    }
}
