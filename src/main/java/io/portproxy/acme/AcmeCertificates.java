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
 * The certificates of all names that need one now. TLS servers ask this class for each connection. That is one lookup in a map, and never
 * blocks. A thread of this class orders and renews certificates, one name after the other. Any thread.
 */
public final class AcmeCertificates implements AutoCloseable {
    /** The ALPN protocol for challenges, which only the authority uses (RFC 8737, section 6.2). */
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
     * Reads the certificates of the configured names from the folder. Contacts nobody before {@link #start}.
     *
     * @param listener receives news of certificates
     */
    public AcmeCertificates(AcmeSettings settings, AcmeListener listener) {
        this(settings, listener, Clock.systemUTC(), RandomGenerator.getDefault(), Acme4jAuthority::new);
    }

    /** Makes the client for the authority when it is needed for the first time. */
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
        this.schedule = new Schedule(settings.timing(), random);
        this.orders = new Orders(
                settings.validation(),
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
     * Starts to order certificates.
     *
     * @param wanted returns the hosts that need certificates now, in addition to the names of the settings. It is called repeatedly, on a
     *     thread of this class. Texts that are not host names, and names beyond the limit, are left out and logged
     */
    public void start(Supplier<Set<String>> wanted) {
        hosts = wanted;
        names(wanted.get());
        log.info(
                "certificates come from {} for {}, and are kept in {}",
                settings.account().directory(),
                heldByName.isEmpty() ? "the hosts that ask for them" : new TreeSet<>(heldByName.keySet()),
                settings.authorityFolder());
        thread.start();
    }

    /**
     * Returns the body of the answer (status 200) to a request for {@code /.well-known/acme-challenge/} and this token.
     *
     * @return empty if no such challenge is open
     */
    public Optional<String> httpChallenge(String token) {
        return challenges.http(token);
    }

    /**
     * Returns the context that serves a name. It has the name's certificate, or a self-signed one until the first certificate is issued.
     *
     * @param serverName the name that the client has sent (SNI)
     * @return empty for a name that needs no certificate
     */
    public Optional<SSLContext> context(String serverName) {
        return Optional.ofNullable(heldByName.get(serverName.toLowerCase(Locale.ROOT)))
                .map(Held::context);
    }

    /**
     * Returns the context for a client that offers only {@link #CHALLENGE_PROTOCOL}. The engine must select that protocol.
     *
     * @param serverName the name that the client has sent (SNI)
     * @return empty if no such challenge is open for the name
     */
    public Optional<SSLContext> challenge(String serverName) {
        return challenges.tls(serverName.toLowerCase(Locale.ROOT));
    }

    /** Returns the key and the certificates that {@link #context} uses. */
    public Optional<Identity> identity(String name) {
        return Optional.ofNullable(heldByName.get(name.toLowerCase(Locale.ROOT)))
                .map(Held::identity);
    }

    /**
     * Returns the certificate of a name from the folder, or a new self-signed one. Changes nothing and notifies nobody.
     *
     * @param directory the authority's directory
     * @param folder the folder for all authorities
     */
    public static Identity peek(URI directory, Path folder, String name) {
        return new AcmeFolder(AcmeSettings.authorityFolder(directory, folder))
                .peek(name)
                .orElseGet(() -> selfSigned(name));
    }

    /** Makes a new key and a self-signed certificate for a name. */
    public static Identity selfSigned(String name) {
        return new SelfSigned().of(name, Instant.now());
    }

    /** Must be called when the hosts have changed. The thread then calls the supplier given to {@link #start} again. Never blocks. */
    public void changed() {
        thread.wake();
    }

    /** Updates the names that need certificates. Reads files. */
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

    /** Returns the state of all names, sorted by name. */
    public List<CertificateView> views() {
        return heldByName.entrySet().stream()
                .map(entry -> entry.getValue().view(entry.getKey()))
                .sorted(Comparator.comparing(CertificateView::name))
                .toList();
    }

    /** Returns the names that get no certificate because there are too many or because they are not valid host names. */
    public synchronized Set<String> omitted() {
        return Set.copyOf(omitted);
    }

    /** Returns the number of certificates that were issued since the start of this process. */
    public long issued() {
        return orders.issued();
    }

    /** Returns the number of attempts that failed since the start of this process. */
    public long failed() {
        return orders.failed();
    }

    /** Returns when the last certificate was issued since the start of this process; empty if none was. */
    public Optional<Instant> lastIssued() {
        return orders.lastIssued();
    }

    /** Does one piece of work, if one is due. Returns when the next call is necessary. */
    Instant step() throws InterruptedException {
        names(hosts.get());
        return orders.step();
    }

    /** Stops. An order in progress is stopped too, and the next start begins it again. */
    @Override
    public void close() {
        thread.close();
    }
}
