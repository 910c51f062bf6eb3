package io.portproxy.acme;

import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** Decides when to order, and how long to wait. For one thread. */
final class Schedule {
    /** Limits of Let's Encrypt apply for a week at most. */
    private static final Duration LONGEST_WAIT = Duration.ofDays(8);

    private static final Duration ASK_FIRST = Duration.ofMinutes(1);
    private static final Duration ASK = Duration.ofHours(6); // RFC 9773, section 4.3.2
    private static final Duration ASK_LAST = Duration.ofDays(1);
    private static final Duration WINDOW = Duration.ofHours(1);
    private static final int MOST_DOUBLED = 30;

    private final AcmeSettings.Timing timing;
    private final RandomGenerator random;
    private final ArrayDeque<Instant> orders = new ArrayDeque<>(); // the orders of the last hour

    Schedule(AcmeSettings.Timing timing, RandomGenerator random) {
        this.timing = timing;
        this.random = random;
    }

    /**
     * Returns when to try again after a number of failures in a row. The pause doubles with each failure, up to the longest pause. Then up
     * to a quarter is added at random.
     */
    Instant afterFailure(Instant now, int failures, Optional<Instant> notBefore) {
        double doubled = (double) timing.retryInitial().toMillis() * Math.pow(2, Math.min(failures - 1, MOST_DOUBLED));
        double most = Math.min(doubled, (double) timing.retryMax().toMillis());
        Instant next = now.plusMillis((long) (most * (1 + random.nextDouble() / 4)));
        Instant asked = earlier(notBefore.orElse(next), now.plus(LONGEST_WAIT));
        return asked.isAfter(next) ? asked : next;
    }

    /**
     * Returns when to renew a certificate for which the authority gives no period. The time is up to a twentieth of the certificate's
     * lifetime earlier than configured, at random.
     */
    Instant renewal(X509Certificate certificate) {
        Instant from = certificate.getNotBefore().toInstant();
        Duration life = Duration.between(from, certificate.getNotAfter().toInstant());
        double part = timing.renewAfterPercent() / 100.0 - random.nextDouble() / 20;
        return from.plusMillis((long) ((double) life.toMillis() * part));
    }

    /** Returns when to renew a certificate for which the authority gives a period: a random time in the period (RFC 9773, section 4.2). */
    Instant renewal(Authority.Advice advice) {
        long millis =
                Math.max(0, Duration.between(advice.from(), advice.until()).toMillis());
        return advice.from().plusMillis((long) ((double) millis * random.nextDouble()));
    }

    Instant askAgain(Instant now, Optional<Instant> wanted) {
        Instant at = wanted.orElse(now.plus(ASK));
        Instant notBefore = now.plus(ASK_FIRST);
        return at.isBefore(notBefore) ? notBefore : earlier(at, now.plus(ASK_LAST));
    }

    /** Returns when the limit allows the next order; a time that is not after {@code now} if it is allowed already. */
    Instant nextOrder(Instant now) {
        while (!orders.isEmpty() && !orders.peekFirst().plus(WINDOW).isAfter(now)) {
            orders.removeFirst();
        }
        return orders.size() < timing.maxOrdersPerHour()
                ? Instant.MIN
                : orders.getFirst().plus(WINDOW);
    }

    void ordered(Instant now) {
        orders.addLast(now);
    }

    static Instant earlier(Instant one, Instant other) {
        return one.isBefore(other) ? one : other;
    }
}
