package io.portproxy.http;

import java.util.Locale;

/**
 * Stops a request that loops because its target leads back to where the request came from. It counts how often the
 * request has passed PortProxy. A request that shows no earlier pass gets no count.
 *
 * <p>It does not use {@code Via}, because many web servers do not compress answers to requests with that field. Anybody
 * may write the count; but a false count can only stop the writer's own request earlier.
 */
final class LoopGuard {
    /** The most passes. A chain of applications that call each other through PortProxy is shorter. */
    private static final int MOST = 10;

    private static final String FIELD = "X-Forwarded-Passes";
    private static final int MOST_DIGITS = 4;

    /** The fields that PortProxy adds to each request. */
    private static final String[] OURS = {"X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Port", "X-Forwarded-Proto"
    };

    /** The same fields in lower case, as some programs write them when they forward them. */
    private static final String[] LOWER = {
        OURS[0].toLowerCase(Locale.ROOT),
        OURS[1].toLowerCase(Locale.ROOT),
        OURS[2].toLowerCase(Locale.ROOT),
        OURS[3].toLowerCase(Locale.ROOT)
    };

    private static final int ALL = (1 << OURS.length) - 1;

    private int ours; // bit i: the request has the i-th field
    private int lower;
    private int passes;

    /** Takes a line of this kind. Returns whether it is the count, which must not be passed on. */
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
            return 0; // PortProxy did not write it
        }
    }

    /**
     * Returns the line with the new count.
     *
     * @return a line, or an empty string
     * @throws RefusedException with 508, if the request has passed too often
     */
    String finish() throws RefusedException {
        if (passes >= MOST) {
            throw new RefusedException(508, "This address leads back to itself.");
        }
        boolean known = passes > 0 || ours == ALL || lower == ALL;
        return known ? FIELD + ": " + (passes + 1) + "\r\n" : "";
    }
}
