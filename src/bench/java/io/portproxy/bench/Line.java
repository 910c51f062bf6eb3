package io.portproxy.bench;

/** The line that all connections of a path share in one direction. It carries one piece after the other. */
final class Line {
    /** The time that a thread that wakes late may make up for. */
    private static final long MAX_LATE_NANOS = 2_000_000;

    private final PathProfile profile;
    private long freeAt = System.nanoTime();

    Line(PathProfile profile) {
        this.profile = profile;
    }

    PathProfile profile() {
        return profile;
    }

    /** Reserves the line for a number of bytes, after all earlier reservations. Returns the time when the last byte has left. */
    synchronized long reserve(int bytes) {
        freeAt = Math.max(freeAt, System.nanoTime() - MAX_LATE_NANOS) + profile.sendNanos(bytes);
        return freeAt;
    }
}
