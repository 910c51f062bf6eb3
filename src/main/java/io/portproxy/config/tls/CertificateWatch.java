package io.portproxy.config.tls;

import io.portproxy.config.problem.Remark;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.scheduling.annotation.Scheduled;

/** Warns once a day of certificates that have expired, are not valid yet, or will expire soon. */
public final class CertificateWatch {
    private static final Logger log = LoggerFactory.getLogger(CertificateWatch.class);

    private final SslBundles bundles;
    private final Duration soon;
    private final Set<String> said = new HashSet<>(); // scheduler thread only
    private Instant forget = Instant.MIN;

    public CertificateWatch(SslBundles bundles, Duration soon) {
        this.bundles = bundles;
        this.soon = soon;
    }

    /** Checks all bundles every hour. The first check runs one day after the start, which has already warned. */
    @Scheduled(initialDelay = 24 * 60, fixedRate = 60, timeUnit = TimeUnit.MINUTES)
    void look() {
        look(Instant.now());
    }

    void look(Instant now) {
        if (!now.isBefore(forget)) {
            said.clear();
            forget = now.plus(Duration.ofDays(1));
        }
        CertificateDates dates = new CertificateDates(now, soon);
        for (String name : bundles.getBundleNames()) {
            dates.remarks(name, bundles.getBundle(name)).stream()
                    .map(Remark::text)
                    .filter(said::add)
                    .forEach(text -> log.warn("{}", text));
        }
    }
}
