package io.portproxy.admin.security;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.portproxy.net.GuessPenalties;
import io.portproxy.net.LogLimit;
import io.portproxy.net.Networks;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.context.event.EventListener;
import org.springframework.http.HttpHeaders;
import org.springframework.security.authentication.event.AbstractAuthenticationFailureEvent;
import org.springframework.security.authentication.event.AuthenticationSuccessEvent;
import org.springframework.security.core.Authentication;
import org.springframework.security.web.authentication.WebAuthenticationDetails;
import org.springframework.stereotype.Component;

/** Counts and logs failed logins of any kind, and says which addresses have to wait because of them. */
@Component
@ConditionalOnWebApplication
final class Logins {
    private static final Logger log = LoggerFactory.getLogger(AuditLog.LOGGER);
    private static final int LINES = 20;

    /** The wrong attempts that cause no delay, because people mistype. */
    static final int FREE = 3;

    private final GuessPenalties penalties;
    private final Fingerprints fingerprints = new Fingerprints();
    private final LogLimit limit = new LogLimit(System::nanoTime, LINES);
    private final Counter failed;
    private final Counter throttled;

    Logins(AdminSettings settings, MeterRegistry meters) {
        this.penalties = new GuessPenalties(settings.loginDelay(), FREE);
        this.failed = Counter.builder("portproxy.logins.failed")
                .description("Wrong names, passwords and tokens given to the admin API")
                .register(meters);
        this.throttled = Counter.builder("portproxy.logins.throttled")
                .description("Requests with a password or token that were not heard, for too many wrong ones before")
                .register(meters);
    }

    /** Returns whether a request tries a password or a token. */
    static boolean isTriedBy(HttpServletRequest request) {
        return request.getHeader(HttpHeaders.AUTHORIZATION) != null
                || (request.getMethod().equals("POST")
                        && request.getRequestURI().equals(request.getContextPath() + Browser.LOGIN));
    }

    /** Returns how long an address has to wait until its logins are checked; zero if it need not. Counts the refused request. */
    Duration refusedFor(String address) {
        long wait = penalties.waitNanos(Networks.of(address), System.nanoTime());
        if (wait > 0) {
            throttled.increment();
        }
        return Duration.ofNanos(wait);
    }

    @EventListener
    void succeeded(AuthenticationSuccessEvent event) {
        Authentication who = event.getAuthentication();
        penalties.succeeded(Networks.of(address(who)), who.getName());
    }

    @EventListener
    void failed(AbstractAuthenticationFailureEvent event) {
        Authentication tried = event.getAuthentication();
        failed.increment();
        String fingerprint = HexFormat.of().formatHex(fingerprints.of(tried.getName() + '\0' + tried.getCredentials()));
        long wait = penalties.failed(
                Networks.of(address(tried)), tried.getName(), Optional.of(fingerprint), System.nanoTime());
        synchronized (limit) {
            limit.log(
                    log,
                    Level.INFO,
                    "{} from {}: login failed{}",
                    AuditFilter.printable(tried.getName()),
                    address(tried),
                    wait == 0
                            ? ""
                            : String.format(
                                    Locale.ROOT, "; further logins get 429 for %d s", seconds(Duration.ofNanos(wait))));
        }
    }

    /** Returns whole seconds, rounded up. */
    static long seconds(Duration wait) {
        return TimeUnit.NANOSECONDS.toSeconds(wait.toNanos() + TimeUnit.SECONDS.toNanos(1) - 1);
    }

    private static String address(Authentication who) {
        return who.getDetails() instanceof WebAuthenticationDetails details ? details.getRemoteAddress() : "";
    }
}
