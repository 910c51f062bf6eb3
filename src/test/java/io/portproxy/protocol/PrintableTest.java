package io.portproxy.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PrintableTest {
    @ParameterizedTest
    @ValueSource(strings = {"", "home", "a b?#é%", "שלום", "日本", "\uD83D\uDE00", "a\u00A0b"})
    void leavesWhatCanBeSeen(String text) {
        assertThat(Printable.of(text)).isEqualTo(text);
        assertThat(Printable.is(text)).isTrue();
    }

    @Test
    void replacesWhatCannotBeSeenOrTurnsALine() {
        IntStream unseen = IntStream.of(
                0, '\t', '\n', 0x1b, 0x7f, 0x85, 0xad, 0x034f, 0x061c, 0x115f, 0x180e, 0x2028, 0x2029, 0x3164, 0xfe0f,
                0xfeff, 0xffff, 0xe000, 0xd800, 0xe0041, 0xe0101);
        IntStream.of(unseen.toArray()).forEach(PrintableTest::assertIsReplaced);
        IntStream.rangeClosed(0x200b, 0x200f).forEach(PrintableTest::assertIsReplaced);
        IntStream.rangeClosed(0x202a, 0x202e).forEach(PrintableTest::assertIsReplaced);
        IntStream.rangeClosed(0x2060, 0x206f).forEach(PrintableTest::assertIsReplaced);
    }

    private static void assertIsReplaced(int character) {
        String text = "a" + new String(new int[] {character}, 0, 1) + "b";
        assertThat(Printable.of(text)).as("U+%04X", character).isEqualTo("a?b");
        assertThat(Printable.is(text)).as("U+%04X", character).isFalse();
    }

    @Test
    void cutsWhatIsTooLong() {
        assertThat(Printable.of("abc", 3)).isEqualTo("abc");
        assertThat(Printable.of("abcd", 3)).isEqualTo("abc…");
    }
}
