package io.portproxy.tunnel.connection;

/**
 * How many bytes may be under way in a tunnel's connection. What is handed to the operating system leaves in its order, so
 * whatever a bulk stream has put there delays every other stream; what is not there when the path has room for it is lost
 * throughput. The right amount is what the path holds, its rate times its round trip, and a little more. Ends that wait for
 * a processor need more than that: as long as all streams are bulk, which nothing delays, it is had.
 *
 * <p>Both are measured with the tunnel's Pings, which travel in line with the data: a Pong says that everything before its
 * Ping has arrived, and how long that took (the same quantities as in BBR, "Congestion-Based Congestion Control", ACM Queue 14
 * (5), 2016). The round trip is the shortest of late, and now and then the limit is lowered for a moment, so that it can be
 * measured without what this side itself has queued: with a Ping that goes ahead of the data that there is room for then.
 *
 * <p>A state machine without I/O; not thread-safe.
 */
final class InFlightLimit {
    /** Never less: paths in a machine or a data centre, where loops' turns take longer than the round trip. */
    static final long MIN = 128 * 1024;

    /** Before anything is known of the path. */
    static final long START = 1024 * 1024;

    /** What the rate carries in this time is more under way while all streams are bulk. */
    private static final long BRIDGE_NANOS = 8_000_000;

    /** So many streams in the queue are a crowd: what has come for them and is not read yet may use up the kernel's memory. */
    static final int CROWD = 128;

    /** The most in a crowd, if the path does not hold more: sockets that hold little go on when that memory is short. */
    static final long CROWD_MAX = 768 * 1024;

    /** For so long after a small message, others of its kind are expected. */
    private static final long PROMPT_NANOS = 100_000_000L;

    /** Probes under way. */
    private static final int PROBES = 16;

    /** Probes in what may be under way. */
    private static final int PROBES_A_FLIGHT = 8;

    /** In sixteenths: of rate times round trip, once the rate has been found, and before. */
    private static final int STEADY_GAIN = 22;

    private static final int STARTUP_GAIN = 46;

    /** Rounds in which the rate has not grown by a quarter, after which it counts as found. */
    private static final int FLAT_ROUNDS = 3;

    /** A measured round trip is good for so many of them, within these bounds. */
    private static final int ROUND_TRIP_LASTS = 100;

    private static final long ROUND_TRIP_LASTS_MIN_NANOS = 100_000_000L;
    private static final long ROUND_TRIP_LASTS_MAX_NANOS = 10_000_000_000L;
    private static final int RATES = 4; // rounds that a rate is remembered

    /** Behind so few bytes, or so small a part of what the path holds, a trip is hardly longer. */
    private static final int LITTLE = 256;

    private static final int LITTLE_OF_PATH = 16;

    /** Now and then the limit is lowered, so that the path's own round trip can be measured. */
    private enum Drain {
        /** Not just now. Becomes {@link #UNPROBED} when the round trip that was measured is too old. */
        NONE,
        /** The limit is lowered. Becomes {@link #PROBED} with a Ping ahead of the data, {@link #NONE} with a short trip or in time. */
        UNPROBED,
        /** That Ping is under way. Its Pong ends it, or becomes {@link #UNPROBED} once more while the trips get shorter. */
        PROBED
    }

    private final long[] probeOpaque = new long[PROBES];
    private final long[] probePosition = new long[PROBES]; // bytes sent before it
    private final long[] probeRateFrom = new long[PROBES]; // rateFrom and rateSince when it was sent
    private final long[] probeRateSince = new long[PROBES];
    private final boolean[] probeClear = new boolean[PROBES]; // whether only a little was ahead of it
    private final double[] rates = new double[RATES]; // bytes a nanosecond, of the last rounds
    private int firstProbe;
    private int probes;
    private long sent;
    private long arrived;
    private long rateFrom; // bytes that do not count for the rate: arrived, or sent before an idle time's end
    private long rateSince; // when that was, in nanoseconds
    private long lastProbeAt; // bytes sent
    private long roundTrip = -1; // nanoseconds; negative: not known yet
    private long roundTripMeasuredAt;
    private long shortestTrip = Long.MAX_VALUE; // of all
    private long lastRoundTrip = -1;
    private long roundEnd; // bytes: when these have arrived, a round is over
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

    /** As many bytes were handed to the connection. */
    void sent(long bytes) {
        sent += bytes;
    }

    /** A stream has sent a small message, which whatever is under way delays. */
    void smallMessage(long now) {
        prompt = true;
        promptEnds = now + PROMPT_NANOS;
    }

    /** Whether there were small messages of late. */
    boolean isPrompt() {
        return prompt;
    }

    /**
     * Whether more may be.
     *
     * @param queued bytes that are not handed to the connection yet
     */
    boolean hasRoom(long queued) {
        return sent + queued - arrived < limit;
    }

    /** Whether even what a sparse stream adds is too much: never for want of what bulk has to leave free for it. */
    boolean isOverfull() {
        return sent - arrived >= 2 * Math.max(limit, START);
    }

    /** Bytes that may be under way. */
    long limit() {
        return limit;
    }

    /**
     * Whether a Ping is due.
     *
     * @param queued bytes before it that are not handed to the connection yet
     */
    boolean wantsProbe(long queued) {
        return wantsProbeAhead(queued) || (probes < PROBES && sent + queued - lastProbeAt >= limit / PROBES_A_FLIGHT);
    }

    /**
     * Whether a Ping is due ahead of the data that there is room for: the drain's own. One behind a frame takes the frame's
     * time, too, which on a slow path is long.
     */
    boolean wantsProbeAhead(long queued) {
        return drain == Drain.UNPROBED && queued == 0 && probes < PROBES && hasRoom(0);
    }

    /**
     * A Ping is sent behind all that was sent before.
     *
     * @param opaque its number, the time in nanoseconds
     * @param queued bytes before it that are not handed to the connection yet
     */
    void probing(long opaque, long queued) {
        if (probes == PROBES) {
            firstProbe = (firstProbe + 1) % PROBES; // the peer has lost it
            probes--;
        }
        if (wantsProbeAhead(queued)) {
            drain = Drain.PROBED;
            drainProbe = opaque;
        }
        if (probes == 0 && (roundTrip < 0 || opaque - rateSince > roundTrip)) {
            rateFrom = sent; // or the rate would be that of the idle time, too
            rateSince = opaque;
        }
        int index = (firstProbe + probes++) % PROBES;
        probeOpaque[index] = opaque;
        probePosition[index] = sent + queued;
        probeRateFrom[index] = rateFrom;
        probeRateSince[index] = rateSince;
        probeClear[index] = sent + queued - arrived <= Math.max(LITTLE, rate * roundTrip / LITTLE_OF_PATH);
        lastProbeAt = sent + queued;
    }

    /**
     * A Pong has come.
     *
     * @param waiting streams that wait for their turn
     * @return whether it answers a Ping that is under way
     */
    boolean answered(long opaque, long now, int waiting) {
        int skipped = 0;
        while (skipped < probes && probeOpaque[(firstProbe + skipped) % PROBES] != opaque) {
            skipped++;
        }
        if (skipped == probes) {
            return false;
        }
        int index = (firstProbe + skipped) % PROBES;
        firstProbe = (index + 1) % PROBES;
        probes -= skipped + 1;
        long news = probePosition[index] - arrived;
        arrived = probePosition[index];
        rateFrom = arrived;
        rateSince = now;
        measureRate(arrived - probeRateFrom[index], Math.max(1, now - probeRateSince[index]));
        measureTrip(opaque, now, probeClear[index]);
        prompt = prompt && now - promptEnds < 0;
        long most = limit + news; // or a burst would fill the path's queue
        limit = Math.max(least(), Math.min((long) wanted(waiting), most));
        return true;
    }

    /** A rate that no round has shown is that of a greeting and its time, and says nothing of the path: a queue does. */
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

    /** Trips of late have the crowd's own turns in them, so the shortest of all tells what the path holds. */
    private double mostInACrowd() {
        return Math.max(rate * shortestTrip * gain(), CROWD_MAX);
    }

    private double gain() {
        return (isFound() ? STEADY_GAIN : STARTUP_GAIN) / 16.0;
    }

    /** The last round trip in nanoseconds, negative before the first. */
    long lastRoundTrip() {
        return lastRoundTrip;
    }

    private void measureRate(long bytes, long nanos) {
        boolean used = bytes >= limit / 2; // else it was not the path that kept the rate low
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
            rateToBeat = rate; // or what the last rounds have added counts again once the rate varies
        }
        round = (round + 1) % RATES;
        rates[round] = 0;
    }

    private boolean isFound() {
        return flatRounds >= FLAT_ROUNDS;
    }
}
