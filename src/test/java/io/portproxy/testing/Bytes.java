package io.portproxy.testing;

import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;

/** Makes byte arrays for tests. */
public final class Bytes {
    private Bytes() {}

    /** Returns the bytes of a text in UTF-8. */
    public static byte[] of(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** Returns random bytes, which are the same for the same seed. A shorter result is a prefix of a longer one. */
    public static byte[] random(long seed, int count) {
        byte[] bytes = new byte[count];
        new SplittableRandom(seed).nextBytes(bytes);
        return bytes;
    }
}
