package io.portproxy.acme;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.security.KeyPair;
import java.time.Clock;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import javax.net.ssl.SSLContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The certificates of all names that are wanted now. What serves asks here for each connection; that costs one look into a map
 * and never waits. A thread of its own orders and renews, one name after the other. Any thread.
 */
public final class AcmeCertificates implements AutoCloseable {
    /** By which a server's engine speaks with the authority alone (ALPN; RFC 8737, section 6.2). */
    public static final String CHALLENGE_PROTOCOL = "acme-tls/1";

    private static final Logger log = LoggerFactory.getLogger(AcmeCertificates.class);

    private final AcmeSettings settings;
    private final AcmeFolder folder;
    private final Challenges challenges;
    private final Clock clock;
    private final Schedule schedule;
    private final Map<String, Held> heldByName = new ConcurrentHashMap<>();
    private final SelfSigned selfSigned = new SelfSigned();
    private final Orders orders;
    private final OrderThread thread;
    private volatile Supplier<Set<String>> hosts = Set::of;
    private Set<String> omitted = Set.of(); // guarded by this

    /**
     * Reads what is there of the names that are wanted always. Nobody is asked before {@link #start}.
     *
     * @param listener is told of certificates
     */
    public AcmeCertificates(AcmeSettings settings, AcmeListener listener) {
        this(settings, listener, Clock.systemUTC(), RandomGenerator.getDefault(), Acme4jAuthority::new);
    }

    /** Makes what speaks with the authority, when it is first needed. */
    interface AuthorityFactory {
        Authority make(AcmeSettings settings, Challenges challenges, KeyPair accountKey);
    }

    AcmeCertificates(
            AcmeSettings settings,
            AcmeListener listener,
            Clock clock,
            RandomGenerator random,
            AuthorityFactory authorities) {
        this.settings = settings;
        this.clock = clock;
        this.folder = new AcmeFolder(settings.authorityFolder());
        this.challenges = new Challenges();
        this.schedule = new Schedule(settings, random);
        this.orders = new Orders(
                settings,
                schedule,
                heldByName,
                folder,
                listener,
                () -> authorities.make(settings, challenges, folder.accountKey()),
                clock);
        this.thread = new OrderThread(this::step, clock);
        names(Set.of());
    }

    /**
     * Begins to order.
     *
     * @param wanted the hosts that want certificates, beside the names of the settings, whenever it is asked. What is no name of a
     *     host is left out, and so are names beyond the limit; the log tells. Asked on a thread of ours
     */
    public void start(Supplier<Set<String>> wanted) {
        hosts = wanted;
        names(wanted.get());
        log.info(
                "certificates come from {} for {}, and are kept in {}",
                settings.directory(),
                heldByName.isEmpty() ? "the hosts that ask for them" : new TreeSet<>(heldByName.keySet()),
                settings.authorityFolder());
        thread.start();
    }

    /**
     * What to answer a request for {@code /.well-known/acme-challenge/} and this token with: 200 and this text alone.
     *
     * @return empty when no such challenge is open
     */
    public Optional<String> httpChallenge(String token) {
        return challenges.http(token);
    }

    /**
     * What to serve a name with: its certificate, or one that is signed by itself until that is there.
     *
     * @param serverName as the client has sent it (SNI)
     * @return empty for a name that is not wanted
     */
    public Optional<SSLContext> context(String serverName) {
        return Optional.ofNullable(heldByName.get(serverName.toLowerCase(Locale.ROOT)))
                .map(Held::context);
    }

    /**
     * What to serve a name with whose client offers {@link #CHALLENGE_PROTOCOL} alone. The engine has to choose that protocol.
     *
     * @param serverName as the client has sent it (SNI)
     * @return empty when no such challenge is open for it
     */
    public Optional<SSLContext> challenge(String serverName) {
        return challenges.tls(serverName.toLowerCase(Locale.ROOT));
    }

    /** The key and the certificates that {@link #context} shows. */
    public Optional<Identity> identity(String name) {
        return Optional.ofNullable(heldByName.get(name.toLowerCase(Locale.ROOT)))
                .map(Held::identity);
    }

    /**
     * What is there for a name: its certificate, or one signed by itself. Changes and tells nothing.
     *
     * @param directory the authority's
     * @param folder of all authorities
     */
    public static Identity peek(URI directory, Path folder, String name) {
        return new AcmeFolder(AcmeSettings.authorityFolder(directory, folder))
                .peek(name)
                .orElseGet(() -> selfSigned(name));
    }

    /** For a name, and vouched for by nobody. */
    public static Identity selfSigned(String name) {
        return new SelfSigned().of(name, Instant.now());
    }

    /** The hosts may be others now; they are asked for anew. Never blocks. */
    public void changed() {
        thread.wake();
    }

    /** Reads files. */
    synchronized void names(Set<String> now) {
        Set<String> wanted = new TreeSet<>();
        Set<String> beyond = new TreeSet<>();
        settings.names().forEach(name -> add(name, wanted, beyond));
        new TreeSet<>(now).forEach(name -> add(name, wanted, beyond));
        if (!beyond.equals(omitted) && !beyond.isEmpty()) {
            log.warn(
                    "no certificates are ordered for {}: they are not complete host names, or there are more than portproxy.acme.max-names ({})",
                    beyond,
                    settings.maxNames());
        }
        omitted = beyond;
        heldByName.keySet().retainAll(wanted);
        for (String name : wanted) {
            heldByName.computeIfAbsent(name, this::load);
        }
    }

    private void add(String written, Set<String> wanted, Set<String> beyond) {
        Optional<String> name = HostNames.normal(written);
        if (name.isPresent() && (wanted.contains(name.get()) || wanted.size() < settings.maxNames())) {
            wanted.add(name.get());
        } else {
            beyond.add(written);
        }
    }

    private Held load(String name) {
        Instant now = clock.instant();
        Held held = null;
        try {
            held = folder.identity(name)
                    .map(kept -> Held.of(kept, true, schedule.renewal(kept.certificate()), now))
                    .orElse(null);
            if (held == null) {
                held = Held.of(selfSigned.of(name, now), false, now, Instant.MAX);
                log.info("{} is served with a self-signed certificate until the first one is issued", name);
            }
            Optional<AcmeFolder.Attempts> attempts = folder.attempts(name);
            return attempts.isPresent() ? held.after(attempts.get()) : held;
        } catch (IOException e) {
            log.warn("the kept certificate of {}, or its attempts, cannot be read: {}", name, e.toString());
            return held != null ? held : Held.of(selfSigned.of(name, now), false, now, Instant.MAX);
        }
    }

    /** How it stands with all names, in their order. */
    public List<CertificateView> views() {
        return heldByName.entrySet().stream()
                .map(entry -> entry.getValue().view(entry.getKey()))
                .sorted(Comparator.comparing(CertificateView::name))
                .toList();
    }

    /** Names that get no certificate, as there are too many, or as they are none. */
    public synchronized Set<String> omitted() {
        return Set.copyOf(omitted);
    }

    /** Certificates that were issued since the start of this process. */
    public long issued() {
        return orders.issued();
    }

    /** Attempts that have failed since then. */
    public long failed() {
        return orders.failed();
    }

    /** When the last certificate was issued since then; empty if none was. */
    public Optional<Instant> lastIssued() {
        return orders.lastIssued();
    }

    /** Does what is due. Returns when there is something to do again. */
    Instant step() throws InterruptedException {
        names(hosts.get());
        return orders.step();
    }

    /** Ends an order that is going on; it begins anew with the next start. */
    @Override
    public void close() {
        thread.close();
    }
}
