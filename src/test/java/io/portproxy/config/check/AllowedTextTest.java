package io.portproxy.config.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.portproxy.client.AllowedPorts;
import io.portproxy.client.AllowedSockets;
import io.portproxy.config.check.HostPort.InvalidAddressException;
import io.portproxy.net.UnixPath;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AllowedTextTest {

    @ParameterizedTest
    @CsvSource({
        "22, 127.0.0.1, 22, 22, 127.0.0.1:22",
        "DB:22, db, 22, 22, db:22",
        "db:*, db, 1, 65535, db:*",
        "127.0.0.1:*, 127.0.0.1, 1, 65535, 127.0.0.1:*",
        "[::1]:*, ::1, 1, 65535, [::1]:*",
        "5000-5010, 127.0.0.1, 5000, 5010, 127.0.0.1:5000-5010",
        "my-host:5000-5010, my-host, 5000, 5010, my-host:5000-5010",
        "my-host:22, my-host, 22, 22, my-host:22",
        "[::1]:1-65535, ::1, 1, 65535, [::1]:*",
        "db:22-22, db, 22, 22, db:22",
    })
    void readsPorts(String text, String host, int first, int last, String shown) throws InvalidAddressException {
        assertThat(AllowedText.parse(text)).isEqualTo(new AllowedPorts(host, first, last));
        assertThat(AllowedText.parse(text).text()).isEqualTo(shown);
    }

    @Test
    void readsUnixSockets() throws InvalidAddressException {
        assertThat(AllowedText.parse("unix:/run/app.sock"))
                .isEqualTo(new AllowedSockets(new UnixPath("/run/app.sock"), false));
        assertThat(AllowedText.parse("unix:/run/app/*")).isEqualTo(new AllowedSockets(new UnixPath("/run/app"), true));
        assertThat(AllowedText.parse("unix:/run/app/*").text()).isEqualTo("unix:/run/app/*");
    }

    @ParameterizedTest
    @CsvSource({
        "*, not a number: *",
        "*:*, * is not one",
        ":*, has no host",
        "db:**, not a number: **",
        "0, out of range",
        "0-10, begins at port 0",
        "10-9, ends before it begins",
        "10-65536, out of range",
        "10-, not a number: 10-",
        "db:10-11-12, not a number: 10-11-12",
        "unix:/*, not absolute",
        "unix:run/*, not absolute",
    })
    void saysWhatIsWrong(String text, String reason) {
        InvalidAddressException wrong =
                catchThrowableOfType(InvalidAddressException.class, () -> AllowedText.parse(text));
        assertThat(wrong == null ? "" : wrong.reason()).contains(reason);
    }
}
