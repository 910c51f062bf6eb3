package io.portproxy.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Tests starts that fail because of a wrong configuration. The message names property, value and fix. */
class WrongConfigurationIT {
    /** The exit code after which the package's unit does not start the service again. */
    private static final int WRONG_CONFIGURATION = 78;

    private static final int FAILED = 1;

    @RegisterExtension
    final Children children = Children.ofTest();

    @TempDir
    Path folder;

    private String failedStart(int code, String yaml) throws IOException, InterruptedException {
        Path file = Files.writeString(folder.resolve("wrong.yaml"), yaml);
        Child portProxy = PortProxy.start(children, "server,client", file);
        assertThat(portProxy.awaitExit()).isEqualTo(code);
        return portProxy.output();
    }

    @Test
    void reportsEveryWrongValueAtOnce() throws Exception {
        String report = failedStart(WRONG_CONFIGURATION, """
                portproxy:
                  server:
                    bind: 127.0.0.1:70000
                    heartbeat_intervall: 5
                    proxy:
                      - remote_name: r
                        port_list:
                          - type: sctp
                            bind: 127.0.0.1:12001
                            remote: 1
                          - bind: 127.0.0.1:12002
                            remote: 0
                          - bind: 127.0.0.1:12002
                            remote: 2
                      - remote_name: r
                        port_list: []
                  client:
                    name: ""
                    server: 127.0.0.1
                """);

        assertThat(report)
                .contains("portproxy.server.bind: 127.0.0.1:70000", "write a port from 1 to 65535")
                .contains("heartbeat_intervall: 5", "did you mean portproxy.server.heartbeat-interval?")
                .contains("proxy[0].port-list[0].type: sctp", "write tcp or http or udp")
                .contains("proxy[0].port-list[1].remote: 0", "write the target's port on the remote, 1 to 65535")
                .contains("proxy[0].port-list[2].bind: 127.0.0.1:12002", "give each a port of its own")
                .contains("proxy[1].remote-name: r", "give each remote one entry")
                .contains("portproxy.client.name", "write a name of 1 to 255 bytes")
                .contains("portproxy.client.server: 127.0.0.1", "write the port behind it, such as 127.0.0.1:9015")
                .doesNotContain("\tat ", "Exception");
    }

    @Test
    void namesThePortThatIsInUse() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String report = failedStart(FAILED, """
                    portproxy:
                      server:
                        bind: 127.0.0.1:0
                        proxy:
                          - remote_name: r
                            port_list:
                              - bind: 127.0.0.1:0
                                remote: 1
                              - bind: 127.0.0.1:%d
                                remote: 2
                      client:
                        name: r
                        server: 127.0.0.1:1
                    """.formatted(taken.getLocalPort()));

            assertThat(report)
                    .contains("portproxy.server.proxy[0].port-list[1].bind: 127.0.0.1:" + taken.getLocalPort())
                    .contains("is in use", "or write another port")
                    .doesNotContain("\tat ", "Exception");
        }
    }
}
