package io.portproxy.server.exposed.user;

import io.portproxy.http.BasicAuth;
import io.portproxy.http.FirstHead;
import io.portproxy.http.HttpRewriteSettings;
import io.portproxy.http.RefusedException;
import io.portproxy.http.RequestView;
import io.portproxy.http.RouteMatch;
import io.portproxy.net.GuessPenalties;
import io.portproxy.net.Networks;
import io.portproxy.net.ReadyHandler;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The login of a route: it admits the users who send a valid name and password. A connection is checked before it
 * becomes a stream. It comes back here when one of its later requests has other credentials. A request without valid
 * credentials therefore never reaches the remote, and no loop waits while a password is compared. On the loop that has
 * the connection, unless a method says otherwise.
 */
final class BasicAuthGate {
    private static final Logger log = LoggerFactory.getLogger(BasicAuthGate.class);

    private static final String MAC = "HmacSHA256";
    private static final int KEY_BYTES = 32;
    private static final byte[] NOTHING = {};

    /** The time for which valid credentials are remembered; after it, the password is compared again. */
    private static final long REMEMBERED_NANOS = Duration.ofMinutes(15).toNanos();

    /** The number of failures without a penalty, as at the admin API: people mistype. */
    private static final int FREE_FAILURES = 3;

    private static final Duration FIRST_PENALTY = Duration.ofSeconds(1);

    /** The keyed hash of valid credentials, and the time of the comparison. */
    private static final class Known {
        private final byte[] mac;
        private final long sinceNanos;

        Known(byte[] mac, long sinceNanos) {
            this.mac = mac;
            this.sinceNanos = sinceNanos;
        }
    }

    private final BasicAuth auth;
    private final HttpRewriteSettings settings;
    private final Consumer<String> refused;
    private final UserAnswer.Sender answers;
    private final GuessPenalties penalties = new GuessPenalties(FIRST_PENALTY, FREE_FAILURES);
    private final SecretKeySpec key;
    private final Map<String, Known> known = new ConcurrentHashMap<>(); // by user name, at most one entry per user

    /**
     * @param settings the route's settings
     * @param refused gets the reason when a user is not admitted, as a short key
     * @param answers answers users
     */
    BasicAuthGate(BasicAuth auth, HttpRewriteSettings settings, Consumer<String> refused, UserAnswer.Sender answers) {
        this.auth = auth;
        this.settings = settings;
        this.refused = refused;
        this.answers = answers;
        byte[] bytes = new byte[KEY_BYTES];
        new SecureRandom().nextBytes(bytes);
        this.key = new SecretKeySpec(bytes, MAC);
    }

    /**
     * Admits the user, or answers the request.
     *
     * @param admitted gets the rule that says which further requests need no new check; on the same loop, at once or
     *     later
     */
    void admit(IncomingConnection user, FirstHead head, Consumer<RouteMatch> admitted) {
        RequestView request = head.request();
        try {
            if (auth.isExempt(request)) {
                admitted.accept(auth::isExempt);
                return;
            }
        } catch (RefusedException e) {
            answer(user, head, UserAnswer.of(e));
            return;
        }
        String network = Networks.of(settings.client(user.address().getAddress(), request));
        long now = user.loop().nanoTime();
        long wait = penalties.waitNanos(network, now);
        Optional<String> shown = request.credentials();
        if (shown.isEmpty()) {
            unauthorized(user, head);
        } else if (wait > 0) {
            refused.accept("guesses");
            answer(user, head, tooManyGuesses(wait));
        } else if (isKnown(shown.get(), now)) {
            admitted.accept(ticket(mac(shown.get())));
        } else {
            compare(user, head, network, shown.get(), admitted);
        }
    }

    private boolean isKnown(String credentials, long now) {
        Known right = known.get(BasicAuth.name(credentials).orElse(""));
        return right != null
                && now - right.sinceNanos < REMEMBERED_NANOS
                && MessageDigest.isEqual(right.mac, mac(credentials));
    }

    private RouteMatch ticket(byte[] mac) {
        return request -> auth.isExempt(request)
                || MessageDigest.isEqual(
                        mac, request.credentials().map(this::mac).orElse(NOTHING));
    }

    /** Compares the password on another thread. */
    private void compare(
            IncomingConnection user, FirstHead head, String network, String shown, Consumer<RouteMatch> admitted) {
        try {
            user.loop().register(user.transport().socket(), 0, new Waiting(user));
        } catch (IOException e) {
            user.reset();
            return;
        }
        boolean begun = PasswordChecks.tryRun(network, () -> {
            boolean begunHere = false;
            try {
                boolean right = auth.areRight(shown);
                begunHere = user.loop().executeUnlessEnded(() -> compared(user, head, network, shown, right, admitted));
            } catch (RuntimeException e) {
                log.error("the password that user {} sent could not be checked", user.addressText(), e);
            } finally {
                if (!begunHere) {
                    PasswordChecks.done(network);
                    user.reset();
                }
            }
        });
        if (!begun) {
            refused.accept("checks");
            answer(user, head, UserAnswer.of(PortRefusal.LIMIT));
        }
    }

    private void compared(
            IncomingConnection user,
            FirstHead head,
            String network,
            String shown,
            boolean right,
            Consumer<RouteMatch> admitted) {
        PasswordChecks.done(network);
        String name = BasicAuth.name(shown).orElse("");
        long now = user.loop().nanoTime();
        if (right) {
            penalties.succeeded(network, name);
            known.put(name, new Known(mac(shown), now));
            admitted.accept(ticket(mac(shown)));
        } else {
            InetAddress peer = user.address().getAddress();
            Optional<String> fingerprint = Optional.of(HexFormat.of().formatHex(mac(shown)));
            boolean guessed = !penalties.isRepeated(network, fingerprint);
            if (guessed && !settings.trusts(peer)) { // otherwise all users of a proxy would be banned with it
                user.failed();
            }
            penalties.failed(network, name, fingerprint, now);
            unauthorized(user, head);
        }
    }

    private void unauthorized(IncomingConnection user, FirstHead head) {
        refused.accept("unauthorized");
        String field = "WWW-Authenticate: Basic realm=\"" + auth.realm() + "\", charset=\"UTF-8\"\r\n";
        answer(user, head, new UserAnswer(401, "Log in with your name and password.", field));
    }

    private static UserAnswer tooManyGuesses(long waitNanos) {
        long seconds = TimeUnit.NANOSECONDS.toSeconds(waitNanos) + 1;
        return new UserAnswer(
                429,
                "Too many wrong passwords came from your address. Try again in " + seconds + " s.",
                "Retry-After: " + seconds + "\r\n");
    }

    private void answer(IncomingConnection user, FirstHead head, UserAnswer answer) {
        answers.answer(user, head, answer);
    }

    private byte[] mac(String credentials) {
        try {
            Mac mac = Mac.getInstance(MAC);
            mac.init(key);
            return mac.doFinal(credentials.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has " + MAC, e);
        }
    }

    /** Owns the connection until the password has been compared. */
    private record Waiting(IncomingConnection user) implements ReadyHandler {
        @Override
        public void ready(int readyOps) {
            // No event is expected.
        }

        @Override
        public void abort() {
            user.reset();
        }
    }
}
