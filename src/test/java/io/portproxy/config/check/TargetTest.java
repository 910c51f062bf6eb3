package io.portproxy.config.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.portproxy.config.check.HostPort.InvalidAddressException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TargetTest {

    @ParameterizedTest
    @CsvSource({
        "22, '', 22, port 22, 127.0.0.1:22",
        "127.0.0.1:22, '', 22, port 22, 127.0.0.1:22",
        "127.0.0.2:22, 127.0.0.2, 22, 127.0.0.2:22, 127.0.0.2:22",
        "DB.example:65535, DB.example, 65535, DB.example:65535, DB.example:65535",
        "[::1]:22, ::1, 22, [::1]:22, [::1]:22",
        "unix:/run/app.sock, unix:/run/app.sock, 0, unix:/run/app.sock, localhost",
        "unix:22, unix, 22, unix:22, unix:22",
        "[fe80::1%eth0]:22, fe80::1%eth0, 22, [fe80::1%eth0]:22, [fe80::1%eth0]:22",
    })
    void readsATarget(String text, String host, int port, String inLog, String authority)
            throws InvalidAddressException {
        Target target = Target.parse(text);

        assertThat(target.host().orElse("")).isEqualTo(host);
        assertThat(target.port()).isEqualTo(port);
        assertThat(target).hasToString(inLog);
        assertThat(target.authority()).isEqualTo(authority);
    }

    @ParameterizedTest
    @CsvSource({
        "'', has no port",
        "ssh, not a number: ssh",
        "0, out of range",
        "db:0, out of range",
        "65536, out of range",
        "-1, out of range",
        "::1:22, no brackets",
        "[db]:22, no IPv6 address",
        "[a b]:22, no IPv6 address",
        "a b:22, has a blank",
        ":22, has no host",
        "*:22, * is not one",
        "tcp://db:22, is a URL",
        "db:*, not a number: *",
        "unix:app.sock, not absolute",
        "unix:, not absolute",
        "unix:/, ends with /",
        "unix:/run/../app.sock, has . or ..",
        "unix:/run//app.sock, has //",
        "unix:/run/, ends with /",
        "unix://run/app.sock, has //"
    })
    void saysWhatIsWrong(String text, String reason) {
        assertThat(wrong(text)).contains(reason);
    }

    @Test
    void refusesAHostThatNoOpenCanCarry() throws InvalidAddressException {
        assertThat(Target.parse("ü".repeat(127) + "h:22").host()).isPresent();
        assertThat(wrong("ü".repeat(128) + ":22")).contains("too long");
    }

    @Test
    void refusesAPathThatTheSystemDoesNotTake() throws InvalidAddressException {
        assertThat(Target.parse("unix:/" + "a".repeat(106)).isUnix()).isTrue();
        assertThat(wrong("unix:/" + "a".repeat(107))).contains("108 bytes", "up to 107");
        assertThat(wrong("unix:/a\u202eb")).contains("does not show");
    }

    private static String wrong(String text) {
        return catchThrowableOfType(InvalidAddressException.class, () -> Target.parse(text))
                .reason();
    }
}
