package io.portproxy.bench;

/**
 * The properties of a long path.
 *
 * @param roundTripMillis twice the delay of each direction, in milliseconds; 0 or more
 * @param megabits the rate of each direction in Mbit/s
 */
record PathProfile(int roundTripMillis, int megabits) {
    /** A path without delay. */
    static final PathProfile NONE = new PathProfile(0, 1_000_000);

    private static final int LARGEST_PIECE = 64 * 1024;
    private static final int SLACK_BYTES = 256 * 1024;

    /** Returns the text for the names of cases, for example {@code 50ms-100mbit}. */
    String label() {
        return roundTripMillis + "ms-" + megabits + "mbit";
    }

    long oneWayNanos() {
        return roundTripMillis * 1_000_000L / 2;
    }

    /** Returns how long the line needs to send a number of bytes. */
    long sendNanos(int bytes) {
        return bytes * 8_000L / megabits;
    }

    /** Returns how many bytes the line takes at once: at most what it sends in 1 ms, so that streams share it evenly. */
    int pieceBytes() {
        return Math.min(LARGEST_PIECE, megabits * 125);
    }

    /** Returns how many bytes of one connection may be on the line: the bytes that fill its delay, and some more for late timers. */
    long capacityBytes() {
        return (long) megabits * 125 * roundTripMillis / 2 + SLACK_BYTES;
    }
}
