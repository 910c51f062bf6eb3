package io.portproxy.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.jayway.jsonpath.DocumentContext;
import com.jayway.jsonpath.JsonPath;
import io.portproxy.testing.Programs;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Tests iperf3 on both sides: as many bytes as the tunnel carries, and a control connection beside them. */
@ParameterizedClass
@EnumSource
class Iperf3IT {
    @RegisterExtension
    static final Children children = Children.ofClass();

    @TempDir
    static Path folder;

    private static Path iperf3;
    private static Child server;
    private static int measurements;
    private static int target;
    private static int exposed;
    private static TwoProcesses.Running portProxy;

    @Parameter
    Way way;

    @BeforeAll
    static void start() throws Exception {
        iperf3 = Programs.require(Iperf3IT.class, "iperf3");
        target = FreePorts.find();
        server = children.start(
                Children.command(iperf3, "--server", "--forceflush", "--bind", "127.0.0.1", "--port", target));
    }

    @BeforeParameterizedClassInvocation
    static void startPortProxy(Way way) throws Exception {
        TwoProcesses processes = new TwoProcesses(children, folder, way);
        exposed = processes.expose("tcp", target);
        portProxy = processes.start();
    }

    @AfterParameterizedClassInvocation
    static void endPortProxy() throws InterruptedException {
        portProxy.end();
    }

    @AfterEach
    void nothingWentWrong() {
        portProxy.assertNothingWentWrong();
    }

    @ParameterizedTest
    @CsvSource({
        "1, to the target,",
        "1, from the target, --reverse",
        "8, to the target,",
        "8, from the target, --reverse",
    })
    void measures(int streams, String direction, String option) throws Exception {
        List<String> command = Children.command(
                iperf3, "--client", "127.0.0.1", "--port", exposed, "--time", 1, "--parallel", streams, "--json");
        if (option != null) {
            command.add(option);
        }
        // The server runs one test at a time. It prints that it listens when it has finished the test before.
        measurements++;
        server.awaitOutput("Server listening", measurements);

        DocumentContext report = JsonPath.parse(children.run(new ProcessBuilder(command)));

        List<Object> errors = report.read("$..error");
        assertThat(errors).isEmpty();
        List<Number> sent = report.read("$.end.streams[*].sender.bytes");
        List<Number> received = report.read("$.end.streams[*].receiver.bytes");
        assertThat(sent).as("bytes sent, " + direction).hasSize(streams).allMatch(bytes -> bytes.longValue() > 0);
        assertThat(received)
                .as("bytes received, " + direction)
                .hasSize(streams)
                .allMatch(bytes -> bytes.longValue() > 0);
    }
}
