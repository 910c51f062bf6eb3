package io.portproxy.server.exposed.user;

import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/** The users of HTTP whom the server itself answers, instead of a target. Their number at a time is limited. Any thread. */
public final class OwnAnswers {
    /** The reason why a user was reset instead of answered. */
    public enum Cut {
        /** Too many users were being answered. */
        LIMIT,
        /** The user did not send its request in time. */
        NO_REQUEST,
        /** The target did not answer the earlier requests in time. */
        EARLIER_ANSWERS,
        /** The user did not take the answer in time. */
        SLOW;

        /** The name in metrics, as in {@code no_request}. */
        public String key() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** One host or port may use one in this many places, so that the others also have some. */
    private static final int PART = 4;

    private final WebLimits limits;
    private final AtomicInteger underWay = new AtomicInteger();
    private final Map<Cut, LongAdder> cut = new EnumMap<>(Cut.class);

    /** @param limits the most users at a time */
    public OwnAnswers(WebLimits limits) {
        this.limits = limits;
        for (Cut why : Cut.values()) {
            cut.put(why, new LongAdder());
        }
    }

    /**
     * Takes a place for a user; {@link #end} must follow. Returns false if there is no place, and the caller must reset
     * the user.
     */
    boolean begin() {
        if (underWay.incrementAndGet() <= limits.maxAnswers()) {
            return true;
        }
        underWay.decrementAndGet();
        cut(Cut.LIMIT);
        return false;
    }

    /** Gives a place back. */
    void end() {
        underWay.decrementAndGet();
    }

    /** The most users of one host or port who may wait at a time. */
    int mostOfOne() {
        return Math.max(1, limits.maxAnswers() / PART);
    }

    /** Counts a user who is reset. */
    void cut(Cut why) {
        Objects.requireNonNull(cut.get(why)).increment();
    }

    /** The number of users who were reset for that reason. */
    public long cuts(Cut why) {
        return Objects.requireNonNull(cut.get(why)).sum();
    }

    /** The number of users who are being answered now. */
    public int underWay() {
        return underWay.get();
    }
}
