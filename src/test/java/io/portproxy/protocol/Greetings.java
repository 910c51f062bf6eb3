package io.portproxy.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.Optional;

/** A greeting, written out by hand once as records and once in hexadecimal digits. */
final class Greetings {
    static final String INSTANCE = "a0a1a2a3a4a5a6a7a8a9aaabacadaeaf";
    static final String REMOTE_NONCE = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";
    static final String SERVER_NONCE = "202122232425262728292a2b2c2d2e2f303132333435363738393a3b3c3d3e3f";
    static final String SESSION = "b0b1b2b3b4b5b6b7b8b9babbbcbdbebf";
    static final String PROOF = "c0c1c2c3c4c5c6c7c8c9cacbcccdcecfd0d1d2d3d4d5d6d7d8d9dadbdcdddedf";

    static final String HELLO_HEX = "0010 0000003b 0002 00000000" + INSTANCE + "0003" + REMOTE_NONCE + "00 6f6e";
    static final String RESUMING_HELLO_HEX =
            "0010 0000004c 0002 80000001" + INSTANCE + "ffff" + REMOTE_NONCE + "10" + SESSION + "62c3bc";
    static final String CHALLENGE_HEX = "0011 00000026 0002 00000000" + SERVER_NONCE;
    static final String PROOF_HEX = "0012 00000020" + PROOF;
    static final String WELCOME_HEX = "0013 00000040" + SESSION + "00000000 00040000 00003a98 00000000" + PROOF;
    static final String REJECT_HEX = "0014 00000007 0009 01 6e6fcc88";

    static final Hello HELLO =
            new Hello(2, Features.NONE, opaque(INSTANCE), 3, opaque(REMOTE_NONCE), Optional.empty(), "on");
    static final Hello RESUMING_HELLO = new Hello(
            2,
            new Features(0x8000_0001),
            opaque(INSTANCE),
            65_535,
            opaque(REMOTE_NONCE),
            Optional.of(opaque(SESSION)),
            "bü");
    static final Challenge CHALLENGE = new Challenge(2, Features.NONE, opaque(SERVER_NONCE));
    static final Proof A_PROOF = new Proof(opaque(PROOF));
    static final Welcome WELCOME = new Welcome(opaque(SESSION), Features.NONE, 262_144, 15_000, 0, opaque(PROOF));
    static final Reject REJECT = new Reject(Reason.DENIED, true, "no\u0308");

    private Greetings() {}

    static byte[] bytes(String hex) {
        return HexFormat.of().parseHex(hex.replace(" ", ""));
    }

    static OpaqueBytes opaque(String hex) {
        return OpaqueBytes.of(bytes(hex));
    }

    static void refused(String hex, String message) {
        ByteBuffer in = buffer(hex);
        assertThatThrownBy(() -> decoderFor(hex).decode(in))
                .isInstanceOf(ProtocolException.class)
                .hasMessage(message);
        assertThat(in.position()).isZero();
    }

    static GreetingDecoder.Received first(String hex) throws ProtocolException {
        return decoderFor(hex).decode(buffer(hex)).orElseThrow();
    }

    /** Returns a decoder that expects the instruction next. */
    static GreetingDecoder decoderFor(String hex) throws ProtocolException {
        GreetingDecoder decoder;
        if (hex.startsWith("0010") || hex.startsWith("0012")) {
            decoder = GreetingDecoder.ofRemote();
            if (hex.startsWith("0012")) {
                decoder.decode(buffer(HELLO_HEX));
            }
        } else {
            decoder = GreetingDecoder.ofServer();
            if (hex.startsWith("0013")) {
                decoder.decode(buffer(CHALLENGE_HEX));
            }
        }
        return decoder;
    }

    static ByteBuffer buffer(String hex) {
        return ByteBuffer.wrap(bytes(hex));
    }
}
