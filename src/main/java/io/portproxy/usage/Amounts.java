package io.portproxy.usage;

/**
 * The usage of a port or host.
 *
 * @param bytesIn bytes from users
 * @param bytesOut bytes to users
 * @param connections users' connections, and datagram sessions, that were served
 * @param refused users that were refused
 */
public record Amounts(long bytesIn, long bytesOut, long connections, long refused) {
    /** No usage. */
    public static final Amounts NONE = new Amounts(0, 0, 0, 0);

    /** Returns the sum. */
    public Amounts plus(Amounts other) {
        return new Amounts(
                bytesIn + other.bytesIn,
                bytesOut + other.bytesOut,
                connections + other.connections,
                refused + other.refused);
    }

    /** Returns the increase since {@code before}, for each number. A number that has decreased counts as 0. */
    Amounts since(Amounts before) {
        return new Amounts(
                Math.max(0, bytesIn - before.bytesIn),
                Math.max(0, bytesOut - before.bytesOut),
                Math.max(0, connections - before.connections),
                Math.max(0, refused - before.refused));
    }

    /** Returns the larger value of each number. */
    Amounts atLeast(Amounts other) {
        return new Amounts(
                Math.max(bytesIn, other.bytesIn),
                Math.max(bytesOut, other.bytesOut),
                Math.max(connections, other.connections),
                Math.max(refused, other.refused));
    }

    /** Returns the bytes of both directions together. */
    public long bytes() {
        return bytesIn + bytesOut;
    }

    boolean isNone() {
        return equals(NONE);
    }
}
