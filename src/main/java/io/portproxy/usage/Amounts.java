package io.portproxy.usage;

/**
 * What has come by a port or host.
 *
 * @param bytesIn bytes that came from users
 * @param bytesOut bytes that came for users
 * @param connections users' connections, and sessions of datagrams, that were carried
 * @param refused users who were refused
 */
public record Amounts(long bytesIn, long bytesOut, long connections, long refused) {
    /** Nothing. */
    public static final Amounts NONE = new Amounts(0, 0, 0, 0);

    /** The sum. */
    public Amounts plus(Amounts other) {
        return new Amounts(
                bytesIn + other.bytesIn,
                bytesOut + other.bytesOut,
                connections + other.connections,
                refused + other.refused);
    }

    /** How much more this is, by each number: 0 where it is less. */
    Amounts since(Amounts before) {
        return new Amounts(
                Math.max(0, bytesIn - before.bytesIn),
                Math.max(0, bytesOut - before.bytesOut),
                Math.max(0, connections - before.connections),
                Math.max(0, refused - before.refused));
    }

    /** The larger one of each number. */
    Amounts atLeast(Amounts other) {
        return new Amounts(
                Math.max(bytesIn, other.bytesIn),
                Math.max(bytesOut, other.bytesOut),
                Math.max(connections, other.connections),
                Math.max(refused, other.refused));
    }

    /** Bytes in both directions. */
    public long bytes() {
        return bytesIn + bytesOut;
    }

    boolean isNone() {
        return equals(NONE);
    }
}
