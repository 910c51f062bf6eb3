package io.portproxy.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.portproxy.testing.Documents;
import org.junit.jupiter.api.Test;

class WireNameTest {
    @Test
    void namesEachInstructionAsTheSpecificationDoes() {
        String specification = Documents.text(java.nio.file.Path.of("src/docs/protocol.md"));
        for (int code = 0; code <= Wire.EXPOSE_REFUSED; code++) {
            if (code <= Wire.CLOSE_CONNECTION
                    || (code >= Wire.FIRST_EXTENDED && code < Wire.RESUME)
                    || code > Wire.RESUMED) {
                assertThat(specification).contains("| `0x%04x` | %s |".formatted(code, Wire.name(code)));
            }
        }
        assertThat(Wire.name(Wire.RESUME)).isEqualTo("Resume");
        assertThat(Wire.name(Wire.RESUMED)).isEqualTo("Resumed");
    }

    @Test
    void writesACodeThatHasNone() {
        assertThat(Wire.name(0x4854)).isEqualTo("0x4854");
    }
}
