package io.portproxy.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.portproxy.testing.Programs;
import io.portproxy.testing.Target;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Tests both roles in one process. */
class OneProcessIT {
    private static final int TERMINATED = 128 + 15;

    @RegisterExtension
    final Children children = Children.ofTest();

    @TempDir
    Path folder;

    @Test
    void runsBothRolesFromOneFile() throws Exception {
        int tunnel = FreePorts.find();
        int exposed = FreePorts.find();
        try (Target echo = Target.echo()) {
            Path configuration =
                    Files.writeString(folder.resolve("both.yaml"), """
                    portproxy:
                      server:
                        bind: 127.0.0.1:%1$d
                        proxy:
                          - remote_name: r
                            port_list:
                              - bind: %2$d
                                remote: %3$d
                      client:
                        name: r
                        server: 127.0.0.1:%1$d
                    """.formatted(tunnel, exposed, echo.port()));

            Child both = PortProxy.start(children, "server,client", configuration);

            both.awaitOutput(PortProxy.CONNECTED).awaitOutput(PortProxy.UP);
            try (EchoUser user = new EchoUser(exposed)) {
                assertThat(user.isAnswered()).isTrue();

                both.terminate();

                await().until(() -> !EchoUser.isServed(exposed));
                assertThat(user.isAnswered()).as("within the grace").isTrue();
            }
            assertThat(both.awaitExit()).isEqualTo(TERMINATED);
            PortProxy.assertNothingWentWrong(both);
        }
    }

    @Test
    void demonstratesItself() throws Exception {
        Path curl = Programs.require(OneProcessIT.class, "curl");
        int http = FreePorts.find();
        int tcp = FreePorts.find();
        int httpTarget = FreePorts.find();

        Child demo = children.start(PortProxy.command(
                "--spring.profiles.active=demo",
                "--portproxy.demo.tunnel=127.0.0.1:" + FreePorts.find(),
                "--portproxy.demo.exposed-http=127.0.0.1:" + http,
                "--portproxy.demo.exposed-tcp=127.0.0.1:" + tcp,
                "--portproxy.demo.http-port=" + httpTarget,
                "--portproxy.demo.echo-port=" + FreePorts.find()));

        String url = "http://127.0.0.1:" + http + "/";
        demo.awaitOutput("curl " + url).awaitOutput("nc 127.0.0.1 " + tcp);
        demo.awaitOutput("is connected from ");
        assertThat(children.run(curl, "--silent", "--show-error", "--fail", "--noproxy", "*", url))
                .contains("Host: 127.0.0.1:" + httpTarget)
                .containsIgnoringCase("X-Forwarded-For: 127.0.0.1")
                .containsIgnoringCase("X-Forwarded-Host: 127.0.0.1:" + http);
        assertThat(EchoUser.isServed(tcp)).isTrue();

        demo.terminate();

        assertThat(demo.awaitExit()).isEqualTo(TERMINATED);
        PortProxy.assertNothingWentWrong(demo);
    }
}
