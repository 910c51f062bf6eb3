package io.portproxy.bench;

/** The one line that all connections of a path share in one direction: each piece has it for itself for its time. */
final class Line {
    /** A thread that wakes late may make up for so much. */
    private static final long MAX_LATE_NANOS = 2_000_000;

    private final PathProfile profile;
    private long freeAt = System.nanoTime();

    Line(PathProfile profile) {
        this.profile = profile;
    }

    PathProfile profile() {
        return profile;
    }

    /** Takes the line for so many bytes, behind all that have taken it; returns when the last of them has left. */
    synchronized long reserve(int bytes) {
        freeAt = Math.max(freeAt, System.nanoTime() - MAX_LATE_NANOS) + profile.sendNanos(bytes);
        return freeAt;
    }
}
