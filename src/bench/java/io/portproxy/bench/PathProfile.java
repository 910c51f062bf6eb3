package io.portproxy.bench;

/**
 * A long path.
 *
 * @param roundTripMillis twice the delay that each direction adds, in milliseconds; 0 or more
 * @param megabits rate of each direction in Mbit/s
 */
record PathProfile(int roundTripMillis, int megabits) {
    /** A path that holds nothing up. */
    static final PathProfile NONE = new PathProfile(0, 1_000_000);

    private static final int LARGEST_PIECE = 64 * 1024;
    private static final int SLACK_BYTES = 256 * 1024;

    /** For the names of cases, as {@code 50ms-100mbit}. */
    String label() {
        return roundTripMillis + "ms-" + megabits + "mbit";
    }

    long oneWayNanos() {
        return roundTripMillis * 1_000_000L / 2;
    }

    /** How long the line is busy with so many bytes. */
    long sendNanos(int bytes) {
        return bytes * 8_000L / megabits;
    }

    /** What the line takes at once: 1 ms of it at most, so that streams share it finely. */
    int pieceBytes() {
        return Math.min(LARGEST_PIECE, megabits * 125);
    }

    /** Bytes that may be on the line of one connection: what fills its delay, and a little for a late timer. */
    long capacityBytes() {
        return (long) megabits * 125 * roundTripMillis / 2 + SLACK_BYTES;
    }
}
