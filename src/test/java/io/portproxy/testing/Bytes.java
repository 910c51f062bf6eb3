package io.portproxy.testing;

import java.nio.charset.StandardCharsets;
import java.util.Random;

/** Bytes for tests. */
public final class Bytes {
    private Bytes() {}

    /** A text's bytes. */
    public static byte[] of(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** The same random bytes each time for the same seed; those of fewer bytes begin those of more. */
    public static byte[] random(long seed, int count) {
        byte[] bytes = new byte[count];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }
}
