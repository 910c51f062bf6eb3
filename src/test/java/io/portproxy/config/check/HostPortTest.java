package io.portproxy.config.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.portproxy.config.check.HostPort.InvalidAddressException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HostPortTest {

    @ParameterizedTest
    @CsvSource({
        "127.0.0.1:6688, 127.0.0.1, 6688",
        "proxy.example.org:9015, proxy.example.org, 9015",
        "[::1]:9015, [::1], 9015",
        "[fe80::1%1]:1, [fe80::1%1], 1",
        "6688, '', 6688",
        "0, '', 0",
        "localhost:0, localhost, 0",
        "localhost:65535, localhost, 65535",
        "localhost:00080, localhost, 80",
    })
    void readsAnAddress(String text, String host, int port) throws InvalidAddressException {
        assertThat(HostPort.parse(text, "127.0.0.1:1")).isEqualTo(new HostPort(host, port));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            ''                  | is empty                            | such as 127.0.0.1:1
            ' '                 | is empty                            | such as 127.0.0.1:1
            localhost           | has no port                         | localhost:9015
            localhost:          | has no port                         | 1 to 65535
            localhost:http      | not a number: http                  | 1 to 65535
            localhost:65536     | out of range                        | 1 to 65535
            localhost:-1        | out of range                        | 1 to 65535
            65536               | out of range                        | 1 to 65535
            99999999999999      | out of range                        | 1 to 65535
            :6688               | has no host                         | 0.0.0.0:6688
            *:6688              | * is not one                        | 0.0.0.0:6688
            ::1                 | several colons and no brackets      | [::1]:9015
            ::1:6688            | several colons and no brackets      | [::1]:9015
            2001:db8::1:6688    | several colons and no brackets      | [::1]:9015
            [::1]               | has no port                         | [::1]:9015
            [::1]6688           | has no port                         | [::1]:9015
            [::1:6688           | no closing bracket                  | [v6]:port
            http://localhost:80 | URL                                 | host:port
            localhost:80/x      | URL or a path                       | host:port
            my host:80          | blank                               | without blanks
            """)
    void saysWhatIsWrongWithAnAddressAndWhatToWrite(String text, String reason, String fix) {
        InvalidAddressException wrong =
                catchThrowableOfType(InvalidAddressException.class, () -> HostPort.parse(text, "127.0.0.1:1"));

        assertThat(wrong.reason()).contains(reason);
        assertThat(wrong.fix()).contains(fix);
    }

    @Test
    void takesBracketsForIpv6Alone() throws InvalidAddressException {
        HostPort name = HostPort.parse("[localhost]:80", "127.0.0.1:1");

        assertThat(catchThrowableOfType(InvalidAddressException.class, () -> name.resolve("fix"))
                        .reason())
                .contains("cannot be resolved: [localhost]");
        assertThat(new HostPort("[::1]", 80).resolve("fix").getHostAddress()).isEqualTo("0:0:0:0:0:0:0:1");
    }
}
