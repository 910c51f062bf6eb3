package io.portproxy.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.OperatingSystemMXBean;
import io.portproxy.testing.Target;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Tests the built jar with its commands alone, without a configuration file. */
class CommandLineIT {
    private static final int WRONG_USE = 2;

    @RegisterExtension
    final Children children = Children.ofTest();

    private Child run(Map<String, String> environment, String... arguments) throws IOException {
        List<String> command = PortProxy.command();
        command.remove(command.size() - 1); // an option of Spring Boot, which must not precede a command
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().putAll(environment);
        return children.start(builder);
    }

    @Test
    void carriesBytesBetweenServeAndConnect() throws Exception {
        Child made = run(Map.of(), "token");
        assertThat(made.awaitExit()).isZero();
        Map<String, String> token = Map.of("PORTPROXY_TOKEN", made.output().strip());
        int tunnel = FreePorts.find();
        int exposed = FreePorts.find();
        try (Target target = Target.echo()) {
            Child server = run(
                    token,
                    "serve",
                    "--bind=127.0.0.1:" + tunnel,
                    "--expose=r:" + exposed + "=" + target.port(),
                    "--server.port=0");
            server.awaitOutput(PortProxy.STARTED);
            Child client = run(
                    token,
                    "connect",
                    "--server=127.0.0.1:" + tunnel,
                    "--name=r",
                    "--allow=" + target.port(),
                    "--server.port=0");
            client.awaitOutput(PortProxy.UP);
            server.awaitOutput(PortProxy.CONNECTED);

            assertThat(EchoUser.isServed(exposed)).isTrue();
            PortProxy.assertNothingWentWrong(server);
            PortProxy.assertNothingWentWrong(client);
            assertThat(server.output() + client.output()).doesNotContain(token.get("PORTPROXY_TOKEN"));
        }
    }

    @Test
    void endsWithACodeThatSaysHowItWent() throws Exception {
        Child wrongUse = run(Map.of(), "serve", "--expos=r:1=2");
        Child wrongConfiguration = run(Map.of(), "check", "serve", "--expose=r:1=0");
        Child right = run(Map.of(), "check", "serve", "--expose=r:12001=1");

        assertThat(wrongUse.awaitExit()).isEqualTo(WRONG_USE);
        assertThat(wrongUse.output()).contains("--expos", "Possible solutions: --expose");
        assertThat(wrongConfiguration.awaitExit()).isEqualTo(1);
        assertThat(wrongConfiguration.output())
                .contains("--expose: 0", "write the target's port on the remote")
                .doesNotContain("\tat ");
        assertThat(right.awaitExit()).isZero();
        assertThat(right.output()).contains("127.0.0.1:12001 is exposed (tcp) for port 1 of remote r");
    }

    /** Tests the warning for a container that is too small for the memory settings. Here the buffers are as large as the host's memory. */
    @Test
    void warnsOfMoreMemoryThanThereIs() throws Exception {
        long all =
                ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getTotalMemorySize() >> 20;

        Child checked = run(
                Map.of("JDK_JAVA_OPTIONS", "-XX:MaxDirectMemorySize=" + 2 * all + "m"),
                "check",
                "serve",
                "--expose=r:12001=1",
                "--portproxy.buffer-memory=" + all + "MB");

        assertThat(checked.awaitExit()).isZero();
        assertThat(checked.output())
                .contains("WARNING: this process may take", "128MB for the heap (-Xmx)")
                .contains("portproxy.buffer-memory is " + all + "MB", "set portproxy.buffer-memory to ", "a limit of ");
    }
}
