package io.portproxy.config.problem;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.portproxy.config.Started;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** Tests which failed starts can succeed at another attempt with the same configuration. */
@ExtendWith(OutputCaptureExtension.class)
class StartFailureTest {
    private static final String SERVER = "portproxy: {server: {bind: '127.0.0.1:0', proxy: "
            + "[{remote-name: r, port-list: [{bind: '%s', remote: 1}]}]}}\n";

    @TempDir
    private Path folder;

    private int exitCode(String role, String yaml, String... options) {
        List<String> all = new ArrayList<>(List.of(options));
        all.add("--spring.profiles.active=" + role);
        Throwable failure = catchThrowable(() ->
                Started.withAdmin(folder, yaml, all.toArray(String[]::new)).close());
        assertThat(failure).isNotNull();
        return StartFailure.exitCode(failure);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            a value out of range        | client | portproxy: {client: {name: r, server: '127.0.0.1:70000'}}
            a property that is missing  | client | portproxy: {client: {server: '127.0.0.1:1'}}
            an unknown property         | client | portproxy: {client: {name: r, server: '127.0.0.1:1', nam: s}}
            no YAML                     | client | 'portproxy: {client'
            an import that is not there | client | spring: {config: {import: 'configtree:/nowhere/at-all/'}}
            no role                     | x      | portproxy: {workers: 1}
            one of each                 | client | portproxy: {client: {name: '', server: 'nobody.invalid:1'}}
            """)
    void aWrongConfigurationIsNot(String what, String role, String yaml) {
        assertThat(exitCode(role, yaml)).as(what).isEqualTo(StartFailure.WRONG_CONFIGURATION);
    }

    @Test
    void aWrongValueOfSpringBootsIsNot() {
        assertThat(exitCode("server", SERVER.formatted("127.0.0.1:0"), "--server.port=abc"))
                .isEqualTo(StartFailure.WRONG_CONFIGURATION);
    }

    /** When a host boots, its name service may start after this program. */
    @Test
    void aNameWithoutAnAddressIs() {
        assertThat(exitCode("client", "portproxy: {client: {name: r, server: 'nobody.invalid:1'}}"))
                .isEqualTo(StartFailure.FAILED);
        assertThat(exitCode("server", SERVER.formatted("nobody.invalid:1"))).isEqualTo(StartFailure.FAILED);
    }

    @Test
    void anAddressThatCannotBeListenedOnIs() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThat(exitCode("server", SERVER.formatted("127.0.0.1:" + taken.getLocalPort())))
                    .isEqualTo(StartFailure.FAILED);
            assertThat(exitCode("server", SERVER.formatted("127.0.0.1:0"), "--server.port=" + taken.getLocalPort()))
                    .isEqualTo(StartFailure.FAILED);
        }
        assertThat(exitCode("server", SERVER.formatted("192.0.2.1:1"))).isEqualTo(StartFailure.FAILED);
    }

    @Test
    void anythingElseIs() {
        assertThat(StartFailure.exitCode(new IllegalStateException("no more threads")))
                .isEqualTo(StartFailure.FAILED);
    }
}
