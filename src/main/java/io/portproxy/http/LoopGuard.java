package io.portproxy.http;

import java.util.Locale;

/**
 * Ends a request that comes round again and again, as the target leads back to where it came from: counts how often it has passed a
 * program of ours. Nothing is added to a request that has not, as far as it shows.
 *
 * <p>It is no {@code Via}, for which many a web server leaves out compression. Anybody may write the count; who does shortens only the way of a
 * request of its own.
 */
final class LoopGuard {
    /** More than a chain of applications that call each other by names of ours has. */
    private static final int MOST = 10;

    private static final String FIELD = "X-Forwarded-Passes";
    private static final int MOST_DIGITS = 4;

    /** What we add to each request. */
    private static final String[] OURS = {"X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Port", "X-Forwarded-Proto"
    };

    /** As some programs write it that pass it on. */
    private static final String[] LOWER = {
        OURS[0].toLowerCase(Locale.ROOT),
        OURS[1].toLowerCase(Locale.ROOT),
        OURS[2].toLowerCase(Locale.ROOT),
        OURS[3].toLowerCase(Locale.ROOT)
    };

    private static final int ALL = (1 << OURS.length) - 1;

    private int ours; // bit i: the i-th is there
    private int lower;
    private int passes;

    /** Takes a line of the kind. Returns whether it is the count, which is not to be passed on. */
    boolean read(byte[] bytes, int line, int colon, int end) {
        if (Ascii.equalIgnoreCase(bytes, line, colon, "x-forwarded-passes")) {
            passes = Math.max(passes, count(ByteRange.value(bytes, colon, end).text(bytes)));
            return true;
        }
        for (int i = 0; i < OURS.length; i++) {
            if (Ascii.equal(bytes, line, colon, OURS[i])) {
                ours |= 1 << i;
            } else if (Ascii.equal(bytes, line, colon, LOWER[i])) {
                lower |= 1 << i;
            }
        }
        return false;
    }

    private static int count(String value) {
        try {
            return value.length() <= MOST_DIGITS ? Math.max(0, Integer.parseInt(value)) : 0;
        } catch (NumberFormatException e) {
            return 0; // it is not ours
        }
    }

    /**
     * What the request is to say from here on.
     *
     * @return a line, or nothing
     * @throws RefusedException it has passed too often
     */
    String finish() throws RefusedException {
        if (passes >= MOST) {
            throw new RefusedException(508, "This address leads back to itself.");
        }
        boolean known = passes > 0 || ours == ALL || lower == ALL;
        return known ? FIELD + ": " + (passes + 1) + "\r\n" : "";
    }
}
