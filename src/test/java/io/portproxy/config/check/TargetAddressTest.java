package io.portproxy.config.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.portproxy.client.AllowedTarget;
import io.portproxy.config.check.HostPort.InvalidAddressException;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TargetAddressTest {

    @ParameterizedTest
    @CsvSource({
        "22, '', 22, port 22, 127.0.0.1:22",
        "127.0.0.1:22, '', 22, port 22, 127.0.0.1:22",
        "127.0.0.2:22, 127.0.0.2, 22, 127.0.0.2:22, 127.0.0.2:22",
        "DB.example:65535, DB.example, 65535, DB.example:65535, DB.example:65535",
        "[::1]:22, ::1, 22, [::1]:22, [::1]:22",
        "[fe80::1%eth0]:22, fe80::1%eth0, 22, [fe80::1%eth0]:22, [fe80::1%eth0]:22",
    })
    void readsATarget(String text, String host, int port, String inLog, String authority)
            throws InvalidAddressException {
        TargetAddress target = TargetAddress.parse(text);

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
        "db:*, not a number: *"
    })
    void saysWhatIsWrong(String text, String reason) {
        assertThat(wrong(text)).contains(reason);
    }

    @Test
    void refusesAHostThatNoOpenCanCarry() throws InvalidAddressException {
        assertThat(TargetAddress.parse("ü".repeat(127) + "h:22").host()).isPresent();
        assertThat(wrong("ü".repeat(128) + ":22")).contains("too long");
    }

    @ParameterizedTest
    @CsvSource({"22, 127.0.0.1, 22", "DB:22, db, 22", "db:*, db, 0", "127.0.0.1:*, 127.0.0.1, 0", "[::1]:*, ::1, 0"})
    void readsAnAllowedTarget(String text, String host, int port) throws InvalidAddressException {
        assertThat(TargetAddress.parseAllowed(text))
                .isEqualTo(new AllowedTarget(host, port == 0 ? Optional.empty() : Optional.of(port)));
    }

    @ParameterizedTest
    @CsvSource({
        "*, not a number: *",
        "*:*, * is not one",
        ":*, has no host",
        "db:**, not a number: **",
        "0, out of range"
    })
    void saysWhatIsWrongWithAnAllowedTarget(String text, String reason) {
        assertThat(catchThrowableOfType(InvalidAddressException.class, () -> TargetAddress.parseAllowed(text))
                        .reason())
                .contains(reason);
    }

    private static String wrong(String text) {
        return catchThrowableOfType(InvalidAddressException.class, () -> TargetAddress.parse(text))
                .reason();
    }
}
