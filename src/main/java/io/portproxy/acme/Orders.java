package io.portproxy.acme;

import io.portproxy.acme.AcmeFailure.Of;
import io.portproxy.acme.AcmeFolder.Attempts;
import io.portproxy.acme.Authority.Advice;
import java.io.IOException;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Orders and renews certificates, one name at a time. The name that is due for the longest time comes first. For one thread; the counters
 * may be read from any thread.
 */
final class Orders {
    private static final Logger log = LoggerFactory.getLogger(Orders.class);

    private final AcmeSettings.Validation validation;
    private final Schedule schedule;
    private final Map<String, Held> heldByName;
    private final AcmeFolder folder;
    private final AcmeListener listener;
    private final AuthoritySource source;
    private final Clock clock;
    private final LongAdder issued = new LongAdder();
    private final LongAdder failed = new LongAdder();
    private volatile Optional<Instant> lastIssued = Optional.empty();
    private @Nullable Authority authority;
    private Instant paused = Instant.MIN; // no name is ordered before this time
    private int failuresInARow; // failures of the authority in a row

    /** Makes the client for the authority. */
    interface AuthoritySource {
        Authority make() throws IOException;
    }

    /** @param heldByName the state of each name; this class only changes existing entries, and others add and remove entries */
    Orders(
            AcmeSettings.Validation validation,
            Schedule schedule,
            Map<String, Held> heldByName,
            AcmeFolder folder,
            AcmeListener listener,
            AuthoritySource source,
            Clock clock) {
        this.validation = validation;
        this.schedule = schedule;
        this.heldByName = heldByName;
        this.folder = folder;
        this.listener = listener;
        this.source = source;
        this.clock = clock;
    }

    long issued() {
        return issued.sum();
    }

    long failed() {
        return failed.sum();
    }

    Optional<Instant> lastIssued() {
        return lastIssued;
    }

    /** Does one thing, if something is due. Returns when the next call is necessary. */
    Instant step() throws InterruptedException {
        Instant now = clock.instant();
        if (now.isBefore(paused)) {
            return paused;
        }
        Optional<Map.Entry<String, Held>> ask = first(Held::ask, held -> held.certified() && !held.isFailing());
        if (ask.isPresent() && !ask.get().getValue().ask().isAfter(now)) {
            ask(ask.get().getKey(), ask.get().getValue(), now);
            return now;
        }
        Optional<Map.Entry<String, Held>> order = first(Held::next, held -> true);
        if (order.isEmpty()) {
            return Instant.MAX;
        }
        Instant due = later(order.get().getValue().next(), schedule.nextOrder(now));
        if (!due.isAfter(now)) {
            order(order.get().getKey(), order.get().getValue(), now);
            return now;
        }
        return ask.map(Map.Entry::getValue)
                .map(held -> Schedule.earlier(held.ask(), due))
                .orElse(due);
    }

    private Optional<Map.Entry<String, Held>> first(
            java.util.function.Function<Held, Instant> when, Predicate<Held> which) {
        return heldByName.entrySet().stream()
                .filter(entry -> which.test(entry.getValue()))
                .min(Comparator.comparing((Map.Entry<String, Held> entry) -> when.apply(entry.getValue()))
                        .thenComparing(Map.Entry::getKey));
    }

    private static Instant later(Instant one, Instant other) {
        return one.isAfter(other) ? one : other;
    }

    /** Asks the authority when to renew a certificate. If it cannot be asked, the planned time stays (RFC 9773, section 4.3.3). */
    private void ask(String name, Held held, Instant now) {
        Instant renewal = held.next();
        Instant again = schedule.askAgain(now, Optional.empty());
        try {
            Optional<Advice> advice = authority().advice(held.identity().certificate());
            if (advice.isPresent()) {
                boolean planned = !renewal.isBefore(advice.get().from())
                        && !renewal.isAfter(advice.get().until());
                renewal = planned ? renewal : schedule.renewal(advice.get());
                again = schedule.askAgain(now, advice.get().askAgain());
            }
        } catch (AcmeFailure | IOException e) {
            log.debug("{}: the authority does not say when to renew", name, e);
        }
        Instant next = renewal;
        Instant askAgain = again;
        heldByName.computeIfPresent(name, (key, current) -> current.advised(next, askAgain));
    }

    private Authority authority() throws IOException {
        Authority current = authority;
        if (current == null) {
            current = source.make();
            authority = current;
        }
        return current;
    }

    private void order(String name, Held held, Instant now) throws InterruptedException {
        Attempts before = new Attempts(held.failures(), now);
        int attempt = held.failures() + 1;
        KeyPair key = Identity.newKey();
        ChallengeType type = validation.after(held.failures());
        try {
            folder.keep(name, new Attempts(attempt, schedule.afterFailure(now, attempt, Optional.empty())));
            heldByName.computeIfPresent(name, (any, current) -> current.beingOrdered(true));
            schedule.ordered(now);
            Optional<X509Certificate> replaces =
                    held.certified() ? Optional.of(held.identity().certificate()) : Optional.empty();
            List<X509Certificate> chain = authority().issue(new Authority.Order(name, key, type, replaces));
            failuresInARow = 0;
            succeeded(name, new Identity(key.getPrivate(), chain), now);
        } catch (AcmeFailure e) {
            log.debug("no certificate for {}", name, e);
            failed(name, held, e);
        } catch (IOException e) {
            failed(
                    name,
                    held,
                    new AcmeFailure(
                            Of.THE_AUTHORITY, "what has to be kept cannot be written: " + e, Optional.empty(), e));
        } catch (RuntimeException e) {
            log.error("a bug: the order for {} has failed", name, e);
            failed(name, held, new AcmeFailure(Of.THE_NAME, "a bug, which the log shows: " + e));
        } catch (InterruptedException e) {
            stopped(name, before);
            throw e;
        } finally {
            heldByName.computeIfPresent(name, (any, current) -> current.beingOrdered(false));
        }
    }

    private void succeeded(String name, Identity identity, Instant now) throws AcmeFailure {
        if (!identity.fits()) {
            throw new AcmeFailure(Of.THE_NAME, "the authority's certificate is for another key");
        }
        try {
            folder.keep(name, identity);
            folder.forgetAttempts(name);
        } catch (IOException e) {
            log.warn(
                    "the certificate of {} is used but could not be kept, so a restart orders another one: {}",
                    name,
                    e.toString());
        }
        issued.increment();
        lastIssued = Optional.of(now);
        Held held = Held.of(identity, true, schedule.renewal(identity.certificate()), now);
        if (heldByName.computeIfPresent(name, (any, current) -> held) != null) {
            CertificateView view = held.view(name);
            log.info(
                    "{} has a certificate from {}, valid until {}",
                    name,
                    view.issuer().orElse(""),
                    view.notAfter());
            tell(told -> told.issued(view));
        }
    }

    /** Records a failure. The pause begins now, because the attempt may have taken long. */
    private void failed(String name, Held held, AcmeFailure failure) {
        Instant now = clock.instant();
        failed.increment();
        int times = held.failures();
        Instant next;
        if (failure.of() == Of.THE_AUTHORITY) {
            failuresInARow++;
            next = schedule.afterFailure(now, failuresInARow, failure.notBefore());
            paused = next;
        } else {
            failuresInARow = 0; // the authority has answered
            times++;
            next = schedule.afterFailure(now, times, failure.notBefore());
        }
        try {
            folder.keep(name, new Attempts(times, next));
        } catch (IOException e) {
            log.debug("{}: an attempt could not be kept", name, e);
        }
        int failures = times;
        Held after =
                heldByName.computeIfPresent(name, (any, current) -> current.failed(failures, next, failure.text()));
        if (after != null) {
            log.warn(
                    "no certificate for {}: {}. Next attempt at {}; {} is used until then",
                    name,
                    failure.text(),
                    next,
                    after.certified() ? "the current one" : "a self-signed one");
            tell(told -> told.failed(after.view(name)));
        }
    }

    /** Restores the record of attempts, because a stopped attempt is not a failure. */
    private void stopped(String name, Attempts before) {
        try {
            if (before.failures() == 0) {
                folder.forgetAttempts(name);
            } else {
                folder.keep(name, before);
            }
        } catch (IOException e) {
            log.debug("{}: an attempt could not be forgotten", name, e);
        }
    }

    private void tell(Consumer<AcmeListener> what) {
        try {
            what.accept(listener);
        } catch (RuntimeException e) {
            log.error("a bug: a listener has failed", e);
        }
    }
}
