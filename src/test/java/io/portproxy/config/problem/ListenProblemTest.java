package io.portproxy.config.problem;

import static org.assertj.core.api.Assertions.assertThat;

import io.portproxy.net.ListenException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.net.UnixDomainSocketAddress;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.mock.env.MockEnvironment;

/** Tests messages whose causes depend on the host and on the user who runs the test. */
class ListenProblemTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            80   | Permission denied               | is not permitted: ports below 1024     | CAP_NET_BIND_SERVICE
            8080 | Permission denied               | cannot be listened on: Permission denied | another address
            8080 | Address already in use          | is in use                              | ss -ltnp
            8080 | Cannot assign requested address | is not an address of this machine         | 0.0.0.0 for all of them
            8080 | Too many open files             | cannot be listened on: Too many open   | another address
            """)
    void saysWhyAndWhatToDoAtAPort(int port, String cause, String reason, String fix) {
        InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
        SocketException refused = cause.startsWith("Cannot") ? new BindException(cause) : new SocketException(cause);

        Problem problem = ListenProblem.of(
                new EnvironmentValues(new MockEnvironment().withProperty("portproxy.server.bind", "localhost:" + port)),
                Place.property("portproxy.server.bind"),
                new ListenException(address, refused));

        assertThat(problem.place()).hasToString("portproxy.server.bind");
        assertThat(problem.value()).isEqualTo("localhost:" + port);
        assertThat(problem.reason()).contains(reason);
        assertThat(problem.fix()).contains(fix);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            Permission denied         | is in a folder to which this process may not write       | the right to write
            No such file or directory | is in a folder that does not exist                       | create the folder
            Address already in use    | is in use: another program listens at this socket        | ss -lxp
            there is a file that is no socket | is the path of a file that is not a socket       | remove the file
            Too many open files       | cannot be listened at: Too many open files               | another path
            """)
    void saysWhyAndWhatToDoAtAUnixSocket(String cause, String reason, String fix) {
        Problem problem = ListenProblem.of(
                new EnvironmentValues(new MockEnvironment()),
                Place.property("portproxy.server.proxy[0].port-list[0].bind"),
                new ListenException(UnixDomainSocketAddress.of("/run/app.sock"), new SocketException(cause)));

        assertThat(problem.value()).isEqualTo("unix:/run/app.sock");
        assertThat(problem.reason()).isEqualTo(reason);
        assertThat(problem.fix()).contains(fix);
        assertThat(problem.mayPass()).isTrue();
    }
}
