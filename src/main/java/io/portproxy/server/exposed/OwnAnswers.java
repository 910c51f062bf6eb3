package io.portproxy.server.exposed;

import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/** The users of HTTP whom a server answers itself, in the place of targets: a bounded number at a time. Any thread. */
public final class OwnAnswers {
    /** Why a user was reset in place of an answer. */
    public enum Cut {
        /** As many were answered as may be at a time. */
        LIMIT,
        /** It has not sent its request in time. */
        NO_REQUEST,
        /** The target has not answered in time what came before. */
        EARLIER_ANSWERS,
        /** It has not taken the answer in time. */
        SLOW;

        /** The name in metrics, as in {@code no_request}. */
        public String key() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** Of one host or port; the others are to have some, too. */
    private static final int PART = 4;

    private final WebLimits limits;
    private final AtomicInteger underWay = new AtomicInteger();
    private final Map<Cut, LongAdder> cut = new EnumMap<>(Cut.class);

    /** @param limits how many there may be at a time */
    public OwnAnswers(WebLimits limits) {
        this.limits = limits;
        for (Cut why : Cut.values()) {
            cut.put(why, new LongAdder());
        }
    }

    /** Another user is answered; {@link #end} is to follow. {@code false}: there are too many, and it is to be reset. */
    boolean begin() {
        if (underWay.incrementAndGet() <= limits.maxAnswers()) {
            return true;
        }
        underWay.decrementAndGet();
        cut(Cut.LIMIT);
        return false;
    }

    /** One of them is over. */
    void end() {
        underWay.decrementAndGet();
    }

    /** Users of one host or port who may be waited for at a time. */
    int mostOfOne() {
        return Math.max(1, limits.maxAnswers() / PART);
    }

    /** A user is reset. */
    void cut(Cut why) {
        Objects.requireNonNull(cut.get(why)).increment();
    }

    /** How many were reset for that reason. */
    public long cuts(Cut why) {
        return Objects.requireNonNull(cut.get(why)).sum();
    }

    /** How many are answered now. */
    public int underWay() {
        return underWay.get();
    }
}
