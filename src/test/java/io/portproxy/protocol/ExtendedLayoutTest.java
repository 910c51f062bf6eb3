package io.portproxy.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Tests every code and layout behind an extended greeting (protocol.md, section 2) in literal bytes. */
class ExtendedLayoutTest {
    private static final long IDENTITY = 0x0123_4567_89abL;
    private static final Open FULL = new Open(
            IDENTITY,
            5678,
            Optional.of("db.büro"),
            Optional.of("192.0.2.7:50000"),
            Optional.of("[2001:db8::1]:6688"),
            Optional.of("tcp"),
            Optional.of("psql"));

    static Stream<Arguments> instructions() {
        return Stream.of(
                row(
                        out -> InstructionEncoder.open(out, Open.of(IDENTITY, 5678)),
                        "0015 00000008 0123456789ab 162e",
                        "Open 0123456789ab 5678 - - - - -"),
                row(
                        out -> InstructionEncoder.open(out, FULL),
                        "0015 0000004c 0123456789ab 162e"
                                + " 0001 0008 64622e62c3bc726f"
                                + " 0002 000f 3139322e302e322e373a3530303030"
                                + " 0003 0012 5b323030313a6462383a3a315d3a36363838"
                                + " 0004 0003 746370"
                                + " 0005 0004 7073716c",
                        "Open 0123456789ab 5678 db.büro 192.0.2.7:50000 [2001:db8::1]:6688 tcp psql"),
                row(
                        out -> InstructionEncoder.opened(out, IDENTITY),
                        "0016 00000006 0123456789ab",
                        "Opened 0123456789ab"),
                row(out -> InstructionEncoder.end(out, IDENTITY), "0017 00000006 0123456789ab", "End 0123456789ab"),
                row(
                        out -> InstructionEncoder.reset(out, IDENTITY, Reason.REPLACED),
                        "0018 00000008 0123456789ab 000f",
                        "Reset 0123456789ab REPLACED"),
                row(
                        out -> InstructionEncoder.window(out, IDENTITY, 0x0102_0304_0506_0708L, 0xfffe_fdfcL),
                        "0019 00000012 0123456789ab 0102030405060708 fffefdfc",
                        "Window 0123456789ab 72623859790382856 4294901244"),
                row(
                        out -> InstructionEncoder.window(out, Identity.MAX, Long.MAX_VALUE, 0),
                        "0019 00000012 ffffffffffff 7fffffffffffffff 00000000",
                        "Window ffffffffffff 9223372036854775807 0"),
                row(
                        out -> InstructionEncoder.ping(out, 0x8123_4567_89ab_cdefL),
                        "001a 00000008 8123456789abcdef",
                        "Ping 8123456789abcdef"),
                row(
                        out -> InstructionEncoder.pong(out, 0x8123_4567_89ab_cdefL),
                        "001b 00000008 8123456789abcdef",
                        "Pong 8123456789abcdef"),
                row(
                        out -> InstructionEncoder.goAway(out, Reason.GOING_AWAY, 0xffff_ffffL),
                        "001c 00000006 000c ffffffff",
                        "GoAway GOING_AWAY 4294967295"),
                row(
                        out -> out.put(new Expose(7, Expose.TCP, 20001, true, 8080, Optional.empty()).encode()),
                        "001f 0000000a 0007 0000 4e21 01 1f90 00",
                        "Expose[number=7, type=0, port=20001, only=true, targetPort=8080, targetHost=Optional.empty]"),
                row(
                        out -> out.put(new Expose(65535, 1, 0, false, 22, Optional.of("büro")).encode()),
                        "001f 0000000f ffff 0001 0000 00 0016 05 62c3bc726f",
                        "Expose[number=65535, type=1, port=0, only=false, targetPort=22, targetHost=Optional[büro]]"),
                row(
                        out -> out.put(new Exposed(7, 20417, "").encode()),
                        "0020 00000005 0007 4fc1 00",
                        "Exposed[number=7, port=20417, host=]"),
                row(
                        out -> out.put(new Exposed(7, 20417, "192.0.2.1").encode()),
                        "0020 0000000e 0007 4fc1 09 3139322e302e322e31",
                        "Exposed[number=7, port=20417, host=192.0.2.1]"),
                row(
                        out -> out.put(new ExposeRefused(7, ExposeRefusal.TAKEN, "taken").encode()),
                        "0021 0000000b 0007 0005 0005 74616b656e",
                        "ExposeRefused[number=7, reason=TAKEN, message=taken]"),
                row(
                        out -> {
                            InstructionEncoder.datagramHead(out, IDENTITY, 3);
                            out.put(new byte[] {1, 2, 3});
                        },
                        "0022 00000009 0123456789ab 010203",
                        "Datagram 0123456789ab 010203"),
                row(
                        out -> InstructionEncoder.datagramHead(out, IDENTITY, 0),
                        "0022 00000006 0123456789ab",
                        "Datagram 0123456789ab "),
                row(InstructionEncoder::heartbeat, "0002", "Heartbeat"),
                row(
                        out -> InstructionEncoder.closeConnection(out, IDENTITY),
                        "0004 0123456789ab",
                        "CloseConnection 0123456789ab"));
    }

    private static Arguments row(Consumer<ByteBuffer> encoding, String hex, String event) {
        return Arguments.of(encoding, hex, event);
    }

    @ParameterizedTest(name = "{2}")
    @MethodSource("instructions")
    void encodesTo(Consumer<ByteBuffer> encoding, String hex, String event) {
        ByteBuffer out = ByteBuffer.allocateDirect(128).put((byte) 0x77); // not at the buffer's start

        encoding.accept(out);

        byte[] bytes = new byte[out.flip().remaining()];
        out.get(bytes);
        assertThat(HexFormat.of().formatHex(bytes)).isEqualTo("77" + hex.replace(" ", ""));
    }

    @ParameterizedTest(name = "{2}")
    @MethodSource("instructions")
    void decodesFrom(Consumer<ByteBuffer> encoding, String hex, String event) throws ProtocolException {
        assertThat(ExtendedEvents.of(HexFormat.of().parseHex(hex.replace(" ", ""))))
                .containsExactly(event);
    }

    @Test
    void codesAreTheStatedOnes() {
        assertThat(new int[] {
                    Wire.HELLO,
                    Wire.CHALLENGE,
                    Wire.PROOF,
                    Wire.WELCOME,
                    Wire.REJECT,
                    Wire.OPEN,
                    Wire.OPENED,
                    Wire.END,
                    Wire.RESET,
                    Wire.WINDOW,
                    Wire.PING,
                    Wire.PONG,
                    Wire.GO_AWAY,
                    Wire.RESUME,
                    Wire.RESUMED,
                    Wire.EXPOSE,
                    Wire.EXPOSED,
                    Wire.EXPOSE_REFUSED,
                    Wire.DATAGRAM
                })
                .containsExactly(
                        0x10, 0x11, 0x12, 0x13, 0x14, 0x15, 0x16, 0x17, 0x18, 0x19, 0x1a, 0x1b, 0x1c, 0x1d, 0x1e, 0x1f,
                        0x20, 0x21, 0x22);
        assertThat(Features.EXPOSE.bits()).isEqualTo(1);
        assertThat(Features.DATAGRAMS.bits()).isEqualTo(2);
        assertThat(Features.FIRST_BYTES.bits()).isEqualTo(4);
        assertThat(Wire.MAX_UNANSWERED_EXPOSES).isEqualTo(256);
        assertThat(Expose.TCP).isZero();
        assertThat(Wire.FIRST_EXTENDED).isEqualTo(0x10);
        assertThat(Wire.VERSION).isEqualTo(2);
    }

    @Test
    void lengthsAreTheStatedOnes() {
        assertThat(Wire.EXTENDED_HEAD).isEqualTo(6);
        assertThat(Wire.OPENED_LENGTH).isEqualTo(12);
        assertThat(Wire.END_LENGTH).isEqualTo(12);
        assertThat(Wire.RESET_LENGTH).isEqualTo(14);
        assertThat(Wire.WINDOW_LENGTH).isEqualTo(24);
        assertThat(Wire.PING_LENGTH).isEqualTo(14);
        assertThat(Wire.GO_AWAY_LENGTH).isEqualTo(12);
        assertThat(Wire.DATAGRAM_HEAD).isEqualTo(12);
        assertThat(Wire.MAX_DATAGRAM).isEqualTo(65_507);
        assertThat(Wire.ID_LENGTH).isEqualTo(16);
        assertThat(Wire.NONCE_LENGTH).isEqualTo(32);
        assertThat(Wire.PROOF_LENGTH).isEqualTo(32);
    }

    @Test
    void limitsAreTheStatedOnes() {
        assertThat(Wire.MAX_BODY).isEqualTo(4096);
        assertThat(Wire.MAX_SKIPPED_BODY).isEqualTo(1_048_576);
        assertThat(Wire.MAX_HELLO_BODY).isEqualTo(2 + 4 + 16 + 2 + 32 + 1 + 16 + 255);
        assertThat(Wire.MAX_MESSAGE_LENGTH).isEqualTo(1024);
        assertThat(Wire.MIN_INITIAL_WINDOW).isEqualTo(4096);
        assertThat(Wire.MAX_INITIAL_WINDOW).isEqualTo(1_073_741_824);
        assertThat(Wire.MAX_OPEN_BODY).isEqualTo(2048);
        assertThat(Open.MAX_ADDRESS_LENGTH).isEqualTo(64);
        assertThat(Dialect.CLASSIC.maxUndecoded()).isEqualTo(261);
        assertThat(Dialect.EXTENDED.maxUndecoded()).isEqualTo(2054);
    }

    @Test
    void theLongestOpenFillsTheRoomStatedForIt() {
        Open longest = new Open(
                Identity.MAX,
                65_535,
                Optional.of("h".repeat(255)),
                Optional.of("u".repeat(64)),
                Optional.of("e".repeat(64)),
                Optional.of("t".repeat(16)),
                Optional.of("p".repeat(255)));
        ByteBuffer out = ByteBuffer.allocate(Open.MAX_LENGTH_SENT);

        InstructionEncoder.open(out, longest);

        assertThat(out.remaining()).isZero();
        assertThat(Open.MAX_LENGTH_SENT).isEqualTo(688);
    }

    static Stream<Arguments> notEncodable() {
        ByteBuffer out = ByteBuffer.allocate(1024);
        return Stream.of(
                wrong("an identity below 0", () -> InstructionEncoder.opened(out, -1)),
                wrong("an identity over 48 bits", () -> InstructionEncoder.end(out, Identity.MAX + 1)),
                wrong("a window over 32 bits", () -> InstructionEncoder.window(out, 1, 0, 0x1_0000_0000L)),
                wrong("a window below 0", () -> InstructionEncoder.window(out, 1, 0, -1)),
                wrong("delivered below 0", () -> InstructionEncoder.window(out, 1, -1, 0)),
                wrong("a deadline over 32 bits", () -> InstructionEncoder.goAway(out, Reason.LIMIT, 0x1_0000_0000L)),
                wrong("target port 0", () -> InstructionEncoder.open(out, Open.of(1, 0))),
                wrong("a target port over 16 bits", () -> Open.of(1, 65_536)),
                wrong("an Open's identity over 48 bits", () -> Open.of(Identity.MAX + 1, 1)));
    }

    private static Arguments wrong(String what, ThrowingCallable call) {
        return Arguments.of(what, call);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("notEncodable")
    void refusesToEncode(String what, ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void neverSendsAnUnknownReason() {
        ByteBuffer out = ByteBuffer.allocate(64);

        assertThatThrownBy(() -> InstructionEncoder.reset(out, 1, Reason.UNKNOWN))
                .isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> InstructionEncoder.goAway(out, Reason.UNKNOWN, 1))
                .isInstanceOf(IllegalStateException.class);
        assertThat(out.position()).isZero();
    }
}
