package io.portproxy.protocol;

import static io.portproxy.protocol.Greetings.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.Supplier;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests what must hold for any bytes. An ordinary test run uses known inputs and damaged copies of them. The fuzzer looks for more. */
class ExtendedFuzzTest {
    private static final int DAMAGED = 2_000;

    @FuzzTest
    void anyStreamBytesGiveTheSameHoweverTheyAreCut(byte[] bytes) {
        checkStream(bytes);
    }

    @FuzzTest
    void anyGreetingBytesGiveTheSameHoweverTheyAreCut(byte[] bytes) {
        checkGreeting(GreetingDecoder::ofRemote, bytes);
        checkGreeting(GreetingDecoder::ofServer, bytes);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void damagedStreamsGiveTheSameHoweverTheyAreCut(long seed) {
        Random random = new Random(seed);
        for (int i = 0; i < DAMAGED; i++) {
            checkStream(damaged(ExtendedDecoderTest.SEQUENCE, random));
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void damagedGreetingsGiveTheSameHoweverTheyAreCut(long seed) {
        Random random = new Random(seed);
        byte[] ofRemote = bytes(Greetings.RESUMING_HELLO_HEX + Greetings.PROOF_HEX);
        byte[] ofServer = bytes(Greetings.CHALLENGE_HEX + Greetings.WELCOME_HEX);
        byte[] refusing = bytes(Greetings.CHALLENGE_HEX + Greetings.REJECT_HEX);
        for (int i = 0; i < DAMAGED; i++) {
            checkGreeting(GreetingDecoder::ofRemote, damaged(ofRemote, random));
            checkGreeting(GreetingDecoder::ofServer, damaged(ofServer, random));
            checkGreeting(GreetingDecoder::ofServer, damaged(refusing, random));
        }
    }

    /** Returns a copy with a few bytes changed, left out or doubled. */
    private static byte[] damaged(byte[] whole, Random random) {
        byte[] bytes = whole.clone();
        for (int left = random.nextInt(3); left >= 0; left--) {
            int at = random.nextInt(bytes.length);
            int length = Math.min(1 + random.nextInt(8), bytes.length - at);
            switch (random.nextInt(4)) {
                case 0 -> bytes[at] = (byte) random.nextInt();
                case 1 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
                case 2 -> bytes = joined(bytes, at, at + length);
                default -> bytes = joined(bytes, at + length, at);
            }
        }
        return bytes;
    }

    /** Returns the bytes before {@code end}, followed by the bytes from {@code start} on. */
    private static byte[] joined(byte[] bytes, int end, int start) {
        byte[] joined = Arrays.copyOf(bytes, end + bytes.length - start);
        System.arraycopy(bytes, start, joined, end, bytes.length - start);
        return joined.length == 0 ? bytes : joined;
    }

    private static void checkStream(byte[] bytes) {
        Random random = new Random(Arrays.hashCode(bytes));
        Outcome whole = ofStream(bytes, new int[] {bytes.length});
        assertThat(ofStream(bytes, random.ints(bytes.length, 1, 2).toArray())).isEqualTo(whole);
        assertThat(ofStream(bytes, random.ints(bytes.length, 1, 20).toArray())).isEqualTo(whole);
    }

    private static void checkGreeting(Supplier<GreetingDecoder> decoders, byte[] bytes) {
        Outcome whole = ofGreeting(decoders.get(), bytes, bytes.length);
        assertThat(ofGreeting(decoders.get(), bytes, 1)).isEqualTo(whole);
        assertThat(ofGreeting(decoders.get(), bytes, 7)).isEqualTo(whole);
    }

    /** Decodes the bytes. Any exception except {@link ProtocolException} fails the test. */
    private static Outcome ofStream(byte[] bytes, int[] parts) {
        ExtendedEvents events = new ExtendedEvents(bytes.length);
        int at = 0;
        try {
            for (int part : parts) {
                int end = Math.min(bytes.length, at + part);
                events.receive(bytes, at, end);
                at = end;
            }
        } catch (ProtocolException e) {
            return new Outcome(events.lines(), String.valueOf(e.getMessage()), -1);
        }
        assertThat(at).isEqualTo(bytes.length);
        assertThat(events.undecoded()).isLessThan(Dialect.EXTENDED.maxUndecoded());
        return new Outcome(events.lines(), "", events.undecoded());
    }

    /** Decodes a greeting until it is over. Ignores the bytes behind it. */
    private static Outcome ofGreeting(GreetingDecoder decoder, byte[] bytes, int part) {
        List<String> events = new ArrayList<>();
        ByteBuffer in = ByteBuffer.wrap(bytes).limit(0);
        boolean over = false;
        try {
            while (!over && in.limit() < bytes.length) {
                in.limit(Math.min(bytes.length, in.limit() + part));
                Optional<GreetingDecoder.Received> received = decoder.decode(in);
                while (!over && received.isPresent()) {
                    GreetingInstruction instruction = received.get().instruction();
                    events.add(instruction.toString());
                    over = events.size() == 2 || instruction instanceof Reject;
                    received = over ? Optional.empty() : decoder.decode(in);
                }
                assertThat(over || in.remaining() < decoder.maxUndecoded()).isTrue();
            }
        } catch (ProtocolException e) {
            return new Outcome(events, String.valueOf(e.getMessage()), -1);
        }
        return new Outcome(events, "", over ? 0 : in.remaining());
    }

    private record Outcome(List<String> events, String error, int undecoded) {}
}
