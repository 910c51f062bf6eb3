package io.portproxy.tunnel.connection;

import java.util.Arrays;

/**
 * The limit of bytes that may be in flight in a tunnel's connection. Bytes that the operating system has accepted leave
 * in their order. So the bytes of a bulk stream there delay every other stream. Too few bytes there waste throughput,
 * because the path has room for more. The right amount is the content of the path (its rate times its round trip) and a
 * little more. When the ends have to wait for a processor, more bytes are needed. They are allowed while all streams are
 * bulk, because then there is no other stream to delay.
 *
 * <p>Rate and round trip are measured with the tunnel's Pings, which travel in line with the data. A Pong shows that
 * everything before its Ping has arrived, and how long that took (the same quantities as in BBR, "Congestion-Based
 * Congestion Control", ACM Queue 14 (5), 2016). The round trip is the shortest recent one. From time to time, the limit
 * is lowered for a moment (a drain) to measure the round trip without the bytes that this side itself has queued. For
 * this measurement a Ping goes ahead of the data that then has room.
 *
 * <p>A state machine without I/O; not thread-safe.
 */
final class InFlightLimit {
    /**
     * The lowest limit. It matters for paths in a machine or a data centre, where a loop's turn takes longer than a
     * round trip.
     */
    static final long MIN = 128 * 1024;

    /** The limit before anything is known of the path. */
    static final long START = 1024 * 1024;

    /** While all streams are bulk, the bytes that the rate carries in this time may be in flight in addition. */
    private static final long BRIDGE_NANOS = 8_000_000;

    /**
     * This number of streams in the queue is a crowd: bytes that have arrived for them and are not read yet may use up
     * the kernel's memory.
     */
    static final int CROWD = 128;

    /**
     * The highest limit in a crowd, if the path does not hold more. Sockets that hold little continue when the kernel's
     * memory is short.
     */
    static final long CROWD_MAX = 768 * 1024;

    /** How long after a small message more small messages are expected. */
    private static final long PROMPT_NANOS = 100_000_000L;

    /** The most probes (Pings) in flight. */
    private static final int PROBES = 16;

    /** The number of probes in a full limit of bytes. */
    private static final int PROBES_A_FLIGHT = 8;

    /**
     * The factor of rate times round trip, in sixteenths, after the rate has been found. {@link #STARTUP_GAIN} applies
     * before.
     */
    private static final int STEADY_GAIN = 22;

    private static final int STARTUP_GAIN = 46;

    /** After this number of rounds in which the rate has not grown by a quarter, the rate counts as found. */
    private static final int FLAT_ROUNDS = 3;

    /** A measured round trip stays valid for this number of round trips, within these bounds. */
    private static final int ROUND_TRIP_LASTS = 100;

    private static final long ROUND_TRIP_LASTS_MIN_NANOS = 100_000_000L;
    private static final long ROUND_TRIP_LASTS_MAX_NANOS = 10_000_000_000L;
    private static final int RATES = 4; // the number of rounds for which a rate is remembered

    /**
     * If no more than this number of bytes, or this part of the content of the path, is ahead of a Ping, its trip is
     * hardly longer.
     */
    private static final int LITTLE = 256;

    private static final int LITTLE_OF_PATH = 16;

    /** The states of a drain: from time to time, the limit is lowered to measure the path's own round trip. */
    private enum Drain {
        /** No drain. Changes to {@link #UNPROBED} when the measured round trip is too old. */
        NONE,
        /**
         * The limit is lowered. Changes to {@link #PROBED} when a Ping goes ahead of the data. Changes to {@link #NONE}
         * after a short trip or when its time is over.
         */
        UNPROBED,
        /**
         * That Ping is in flight. Its Pong ends the drain. But while the trips get shorter, the Pong changes the state
         * back to {@link #UNPROBED}.
         */
        PROBED
    }

    /** A Ping in flight. The objects are used again and again, because a busy tunnel sends a Ping every few frames. */
    private static final class Probe {
        private long opaque;
        private long position; // bytes sent before the probe
        private long rateFrom; // rateFrom and rateSince of the limit when the probe was sent
        private long rateSince;
        private boolean clear; // whether only few bytes were ahead of the probe
    }

    private final Probe[] ring = new Probe[PROBES]; // those in flight are in the order in which they were sent
    private final double[] rates = new double[RATES]; // bytes per nanosecond, of the last rounds
    private int firstProbe;
    private int probes;
    private long sent;
    private long arrived;
    // The rate is measured from this byte: the last one that has arrived, or that was sent before an idle time ended.
    private long rateFrom;
    private long rateSince; // the time of rateFrom, in nanoseconds
    private long lastProbeAt; // in bytes sent
    private long roundTrip = -1; // nanoseconds; negative: not known yet
    private long roundTripMeasuredAt;
    private long shortestTrip = Long.MAX_VALUE; // of all trips
    private long lastRoundTrip = -1;
    private long roundEnd; // in bytes: the round is over when these have arrived
    private int round; // modulo RATES
    private double rate;
    private double rateToBeat;
    private int flatRounds;
    private Drain drain = Drain.NONE;
    private long drainEnds;
    private long leastTrip; // while draining
    private long drainProbe; // the opaque number of the drain's own Ping
    private boolean prompt;
    private long promptEnds;
    private long limit = START;

    InFlightLimit() {
        Arrays.setAll(ring, index -> new Probe());
    }

    /** Counts bytes that the connection has accepted. */
    void sent(long bytes) {
        sent += bytes;
    }

    /** Notes that a stream has sent a small message, which all bytes in flight delay. */
    void smallMessage(long now) {
        prompt = true;
        promptEnds = now + PROMPT_NANOS;
    }

    /** Returns whether streams have sent small messages recently. */
    boolean isPrompt() {
        return prompt;
    }

    /**
     * Returns whether more bytes may be in flight.
     *
     * @param queued bytes that the connection has not accepted yet
     */
    boolean hasRoom(long queued) {
        return sent + queued - arrived < limit;
    }

    /**
     * Returns whether even the data of a sparse stream is too much. This limit is higher, so that a sparse stream never
     * stops because of room that bulk streams have to leave free for it.
     */
    boolean isOverfull() {
        return sent - arrived >= 2 * Math.max(limit, START);
    }

    /** Returns the limit of bytes in flight. */
    long limit() {
        return limit;
    }

    /**
     * Returns whether a Ping is due.
     *
     * @param queued bytes before it that the connection has not accepted yet
     */
    boolean wantsProbe(long queued) {
        return wantsProbeAhead(queued) || (probes < PROBES && sent + queued - lastProbeAt >= limit / PROBES_A_FLIGHT);
    }

    /**
     * Returns whether the drain's own Ping is due, ahead of the data that has room. A Ping behind a frame would also
     * measure the time of the frame, which is long on a slow path.
     */
    boolean wantsProbeAhead(long queued) {
        return drain == Drain.UNPROBED && queued == 0 && probes < PROBES && hasRoom(0);
    }

    /**
     * Notes that a Ping is sent behind all bytes that were sent before.
     *
     * @param opaque its number, which is the time in nanoseconds
     * @param queued bytes before it that the connection has not accepted yet
     */
    void probing(long opaque, long queued) {
        if (probes == PROBES) {
            drop(1); // the peer has not answered this one
        }
        if (wantsProbeAhead(queued)) {
            drain = Drain.PROBED;
            drainProbe = opaque;
        }
        if (probes == 0 && (roundTrip < 0 || opaque - rateSince > roundTrip)) {
            rateFrom = sent; // without this, the rate would include the idle time
            rateSince = opaque;
        }
        Probe probe = probe(probes++);
        probe.opaque = opaque;
        probe.position = sent + queued;
        probe.rateFrom = rateFrom;
        probe.rateSince = rateSince;
        probe.clear = sent + queued - arrived <= Math.max(LITTLE, rate * roundTrip / LITTLE_OF_PATH);
        lastProbeAt = sent + queued;
    }

    /** Returns one of the probes in flight, or the place of the next one. The oldest has the number 0. */
    private Probe probe(int number) {
        return ring[(firstProbe + number) % PROBES];
    }

    /** Forgets the oldest probes in flight. */
    private void drop(int count) {
        firstProbe = (firstProbe + count) % PROBES;
        probes -= count;
    }

    /**
     * Handles a Pong: measures rate and round trip, and updates the limit.
     *
     * @param waiting streams that wait for their turn
     * @return whether it answers a Ping that is in flight
     */
    boolean answered(long opaque, long now, int waiting) {
        int skipped = 0;
        while (skipped < probes && probe(skipped).opaque != opaque) {
            skipped++;
        }
        if (skipped == probes) {
            return false;
        }
        Probe probe = probe(skipped);
        drop(skipped + 1);
        long news = probe.position - arrived;
        arrived = probe.position;
        rateFrom = arrived;
        rateSince = now;
        measureRate(arrived - probe.rateFrom, Math.max(1, now - probe.rateSince));
        measureTrip(opaque, now, probe.clear);
        prompt = prompt && now - promptEnds < 0;
        long most = limit + news; // without this, a burst would fill the path's queue
        limit = Math.max(least(), Math.min((long) wanted(waiting), most));
        return true;
    }

    /**
     * Returns the lowest limit at present. Before the first round ends, the rate comes only from the greeting and says
     * nothing about the path. So the limit is at least {@link #START} until longer trips show a queue. During a drain,
     * and after small messages, it may fall to {@link #MIN}.
     */
    private long least() {
        boolean unknown = rateToBeat == 0 && lastRoundTrip <= 2 * roundTrip;
        return unknown && drain == Drain.NONE && !prompt ? START : MIN;
    }

    private double wanted(int waiting) {
        return waiting < CROWD ? wanted() : Math.min(wanted(), mostInACrowd());
    }

    private double wanted() {
        double held = rate * roundTrip;
        if (drain != Drain.NONE) {
            return held / 2;
        }
        return prompt ? held * gain() : held * gain() + rate * BRIDGE_NANOS;
    }

    /**
     * Returns the most bytes in flight in a crowd. Recent trips include the crowd's own turns, so the shortest of all
     * trips is used for the content of the path.
     */
    private double mostInACrowd() {
        return Math.max(rate * shortestTrip * gain(), CROWD_MAX);
    }

    private double gain() {
        return (isFound() ? STEADY_GAIN : STARTUP_GAIN) / 16.0;
    }

    /** Returns the last round trip in nanoseconds; negative before the first. */
    long lastRoundTrip() {
        return lastRoundTrip;
    }

    private void measureRate(long bytes, long nanos) {
        boolean used = bytes >= limit / 2; // otherwise something other than the path kept the rate low
        rates[round] = Math.max(rates[round], (double) bytes / nanos);
        rate = Math.max(rate, rates[round]);
        if (used && arrived >= roundEnd) {
            endRound();
        }
    }

    private void measureTrip(long opaque, long now, boolean clear) {
        long trip = Math.max(1, now - opaque);
        lastRoundTrip = trip;
        shortestTrip = Math.min(shortestTrip, trip);
        boolean old = roundTrip >= 0 && now - roundTripMeasuredAt > roundTripLasts();
        if (roundTrip < 0 || trip <= roundTrip + roundTrip / 16) {
            roundTripIs(roundTrip < 0 ? trip : Math.min(trip, roundTrip), now);
        } else if (drain != Drain.NONE) {
            boolean own = drain == Drain.PROBED && opaque - drainProbe >= 0;
            boolean shorter = trip < leastTrip - leastTrip / 16; // if the rate has fallen, a queue may still be there
            leastTrip = Math.min(trip, leastTrip);
            if (now - drainEnds >= 0 || (own && !shorter)) {
                roundTripIs(leastTrip, now);
            } else if (own) {
                drain = Drain.UNPROBED;
            }
        } else if (old && clear) {
            roundTripIs(trip, now);
        } else if (old) {
            drain = Drain.UNPROBED;
            drainEnds = now + Math.min(2 * trip, roundTripLasts());
            leastTrip = trip;
        }
    }

    private void roundTripIs(long trip, long now) {
        roundTrip = trip;
        roundTripMeasuredAt = now;
        drain = Drain.NONE;
    }

    private long roundTripLasts() {
        long lasts = Math.min(ROUND_TRIP_LASTS * roundTrip, ROUND_TRIP_LASTS_MAX_NANOS);
        return Math.max(lasts, ROUND_TRIP_LASTS_MIN_NANOS);
    }

    private void endRound() {
        roundEnd = sent;
        rate = 0;
        for (double each : rates) {
            rate = Math.max(rate, each);
        }
        if (rate >= rateToBeat * 1.25) {
            rateToBeat = rate;
            flatRounds = 0;
        } else if (!isFound() && ++flatRounds == FLAT_ROUNDS) {
            rateToBeat = rate; // without this, the growth of the last rounds would count again when the rate varies
        }
        round = (round + 1) % RATES;
        rates[round] = 0;
    }

    private boolean isFound() {
        return flatRounds >= FLAT_ROUNDS;
    }
}
