package io.portproxy.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.portproxy.testing.PlainSocket;
import io.portproxy.testing.PlainSocket.End;
import io.portproxy.testing.Programs;
import io.portproxy.testing.Target;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests a FIN that ends one direction while the other continues, with nc at either end. */
@ParameterizedClass
@EnumSource(names = {"EXTENDED", "EXTENDED_OVER_TLS"})
class HalfCloseIT {
    private static final int FILE_MEBIBYTES = 4;
    private static final byte[] LATE = "sent when the other direction had ended".getBytes(StandardCharsets.US_ASCII);

    @RegisterExtension
    static final Children children = Children.ofClass();

    @TempDir
    static Path folder;

    private static Path nc;
    private static Path file;
    private static Target answersAtTheEnd;
    private static int tcpPort;
    private static int httpPort;
    private static int ncTarget;
    private static int ncPort;
    private static TwoProcesses.Running portProxy;

    @Parameter
    Way way;

    @BeforeAll
    static void startTarget() throws IOException {
        nc = Programs.require(HalfCloseIT.class, "nc");
        file = folder.resolve("file");
        TestFiles.random(file, FILE_MEBIBYTES);
        answersAtTheEnd = new Target(HalfCloseIT::answerAtTheEnd);
    }

    /** Reads until the FIN. Only then answers with the number of bytes and with all of them. */
    private static void answerAtTheEnd(Socket socket) throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        socket.getInputStream().transferTo(all);
        String head = "HTTP/1.0 200 OK\r\nContent-Length: " + all.size() + "\r\n\r\n";
        socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
        all.writeTo(socket.getOutputStream());
    }

    @BeforeParameterizedClassInvocation
    static void startPortProxy(Way way) throws IOException {
        TwoProcesses processes = new TwoProcesses(children, folder, way);
        tcpPort = processes.expose("tcp", answersAtTheEnd.port());
        httpPort = processes.expose("http", answersAtTheEnd.port());
        ncTarget = FreePorts.find();
        ncPort = processes.expose("tcp", ncTarget);
        portProxy = processes.start();
    }

    @AfterParameterizedClassInvocation
    static void endPortProxy() throws InterruptedException {
        portProxy.end();
    }

    @AfterAll
    static void stopTarget() throws IOException {
        answersAtTheEnd.close();
    }

    @AfterEach
    void nothingWentWrong() {
        portProxy.assertNothingWentWrong();
    }

    /** Has nc send a file and a FIN, waits until nc has ended, and returns a file with what came back. */
    private static Path ncSends(Path input, int port) throws Exception {
        Path output = Files.createTempFile(folder, "output", "");
        // The output goes into a file, because the collected output of a child is text.
        Child user = children.start(new ProcessBuilder(
                "sh",
                "-c",
                "exec \"$0\" -N 127.0.0.1 \"$1\" <\"$2\" >\"$3\"",
                nc.toString(),
                String.valueOf(port),
                input.toString(),
                output.toString()));
        assertThat(user.awaitExit())
                .as("exit code of nc, which printed %s", user.output())
                .isZero();
        return output;
    }

    @Test
    void anUploadThatEndsWithAFinGetsItsWholeAnswer() throws Exception {
        Path output = ncSends(file, tcpPort);

        byte[] sent = Files.readAllBytes(file);
        byte[] head =
                ("HTTP/1.0 200 OK\r\nContent-Length: " + sent.length + "\r\n\r\n").getBytes(StandardCharsets.US_ASCII);
        assertThat(Files.readAllBytes(output)).startsWith(head).endsWith(sent).hasSize(head.length + sent.length);
    }

    /** HTTP/1.0 allows uploads without a length that end with the FIN, although RFC 1945, section 7.2.2, advises against them. */
    @ParameterizedTest
    @ValueSource(strings = {"", "Content-Length: 4194304\r\n"})
    void anHttp10UploadThatEndsWithAFinIsAnswered(String length) throws Exception {
        Path request = folder.resolve("request");
        Files.writeString(request, "POST / HTTP/1.0\r\n" + length + "\r\n");
        Files.write(request, Files.readAllBytes(file), StandardOpenOption.APPEND);

        // An http port does not accept a body without a length.
        byte[] response = Files.readAllBytes(ncSends(request, length.isEmpty() ? tcpPort : httpPort));

        assertThat(response)
                .startsWith("HTTP/1.0 200 OK\r\n".getBytes(StandardCharsets.US_ASCII))
                .endsWith(Files.readAllBytes(file))
                .hasSizeGreaterThan((int) Files.size(request));
    }

    @Test
    void aTargetThatEndsFirstStillGetsWhatItsUserSends() throws Exception {
        Path output = folder.resolve("nc-target");
        Child target = children.start(new ProcessBuilder(
                        "sh",
                        "-c",
                        "exec \"$0\" -v -N -l 127.0.0.1 \"$1\" <\"$2\" >\"$3\"",
                        nc.toString(),
                        String.valueOf(ncTarget),
                        file.toString(),
                        output.toString()))
                .awaitOutput("Listening on");
        try (PlainSocket user = PlainSocket.connect(TwoProcesses.address(ncPort))) {
            assertThat(user.awaitEnd()).isEqualTo(End.CLEAN);
            assertThat(user.received()).isEqualTo(Files.readAllBytes(file));

            user.send(LATE);
            user.finish();

            assertThat(target.awaitExit()).isZero();
        }
        assertThat(output).hasBinaryContent(LATE);
    }
}
