package io.portproxy.config.tls;

import io.portproxy.config.problem.Place;
import io.portproxy.config.problem.Problems;
import io.portproxy.config.problem.Remark;
import io.portproxy.config.properties.Secret;
import io.portproxy.net.tls.ServerNames;
import io.portproxy.net.tls.TlsSettings;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslOptions;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.core.env.Environment;

/** Finds the SSL bundles that the roles name, checks them, and turns them into settings. */
public final class TlsCheck {
    private static final String BUNDLES = "spring.ssl.bundle.pem.";

    /** The protocols of gateways inside TLS, as ALPN names (RFC 7301). */
    static final List<String> HTTP = List.of("http/1.1", "http/1.0");

    private final TlsBundles bundles;
    private final AcmeDoor acme;
    private final Problems problems;
    private final Set<String> failed = new HashSet<>();

    /**
     * @param bundles asked only if a role names a bundle
     * @param acme where ACME certificates will be found
     * @param problems receives the problems
     */
    public TlsCheck(TlsBundles bundles, AcmeDoor acme, Problems problems) {
        this.acme = acme;
        this.bundles = bundles;
        this.problems = problems;
    }

    /** Returns the TLS settings of a client. Its bundle needs a key only if the server asks for certificates. */
    public Optional<TlsSettings> client(Place place, @Nullable String bundle) {
        return settings(place, bundle, false);
    }

    /** Returns the TLS settings of a proxy server. {@code needClients} requires certificates on both sides. */
    public Optional<TlsSettings> server(Place place, @Nullable String name, boolean needClients) {
        Place bundlePlace = place.key("bundle");
        Optional<TlsSettings> settings = settings(bundlePlace, name, needClients);
        if (needClients && name == null) {
            problems.add(
                    place.key("client-auth"),
                    "need",
                    "has no effect without TLS",
                    "set " + bundlePlace + " too, or remove client-auth");
        }
        if (settings.isPresent() && name != null) {
            SslBundle bundle = bundles.find(name);
            if (withKey(bundlePlace, name, settings).isPresent()
                    && needClients
                    && bundle.getStores().getTrustStore() == null) {
                // Without a trust store, Java's own authorities would apply, and those give a certificate to anybody.
                problems.add(
                        bundlePlace,
                        name,
                        "does not say which authority to trust, but client-auth: need requires it",
                        "set " + BUNDLES + name + ".truststore.certificate to the authority of your remotes");
            }
        }
        return settings;
    }

    private Optional<TlsSettings> withKey(Place place, String name, Optional<TlsSettings> settings) {
        if (settings.isPresent()
                && SslContexts.certificate(bundles.find(name).getStores().getKeyStore())
                        .isEmpty()) {
            problems.add(
                    place,
                    name,
                    "has no key, without which a server cannot show a certificate",
                    "set " + BUNDLES + name + ".keystore.certificate and .keystore.private-key");
            return Optional.empty();
        }
        return settings;
    }

    /** Returns the certificates of a gateway from one bundle. Empty if there are problems. */
    public Optional<ServerNames> certificates(Place place, String name) {
        return certificate(place, name).map(one -> bundles.certificates(List.of(one)));
    }

    /** Returns where ACME certificates will be found. */
    public AcmeDoor acme() {
        return acme;
    }

    /**
     * Returns the certificates of a gateway from several bundles, in the order of their names. Empty if there is none without
     * problems.
     */
    public Optional<ServerNames> certificates(Place place, List<String> names) {
        List<BundleCertificates.Bundle> found = new ArrayList<>();
        for (int i = 0; i < names.size(); i++) {
            certificate(place.entry(i), names.get(i)).ifPresent(found::add);
        }
        return found.isEmpty() ? Optional.empty() : Optional.of(bundles.certificates(found));
    }

    private Optional<BundleCertificates.Bundle> certificate(Place place, String name) {
        return withKey(place, name, settings(place, name, false))
                .map(there -> bundles.bundle(name, there.speaking(HTTP)));
    }

    private Optional<TlsSettings> settings(Place place, @Nullable String name, boolean needClients) {
        if (name == null) {
            return Optional.empty();
        }
        try {
            List<String> names = bundles.names();
            if (!names.contains(name)) {
                problems.add(
                        place,
                        name,
                        names.isEmpty()
                                ? "there is no SSL bundle at all"
                                : "there is no such SSL bundle; those that exist are " + String.join(", ", names),
                        "set " + BUNDLES + (name.isBlank() ? "NAME" : name) + ".*, or write another bundle's name");
                return Optional.empty();
            }
            return options(place, name, bundles.find(name).getOptions(), bundles.contexts(name), needClients);
        } catch (RuntimeException e) {
            failed.add(name);
            addUnloadable(place, name, name, e);
            return Optional.empty();
        }
    }

    private Optional<TlsSettings> options(
            Place place, String name, SslOptions options, SslContexts contexts, boolean needClients) {
        List<String> protocols = listOf(options.getEnabledProtocols());
        List<String> ciphers = listOf(options.getCiphers());
        SSLContext context = contexts.get();
        Set<String> unknown = new TreeSet<>(ciphers);
        unknown.removeAll(List.of(context.getSupportedSSLParameters().getCipherSuites()));
        String reason = "has options.ciphers that this Java does not have: " + String.join(", ", unknown);
        if (unknown.isEmpty()) {
            try {
                return Optional.of(new TlsSettings(contexts, protocols, ciphers, needClients));
            } catch (IllegalArgumentException e) {
                reason = "has options.enabled-protocols that cannot be used: " + e.getMessage();
            }
        }
        problems.add(place, name, reason, "correct or remove " + BUNDLES + name + ".options");
        return Optional.empty();
    }

    /** Checks the bundles that no role uses. A bundle that cannot be loaded stops every start; this check adds a message. */
    public void checkTheOthers(Environment environment) {
        for (String name : names(environment)) {
            if (!bundles.isUsed(name) && failed.add(name)) {
                try {
                    SslBundle bundle = bundles.find(name);
                    bundle.getStores().getKeyStore();
                    bundle.getStores().getTrustStore();
                    failed.remove(name);
                } catch (RuntimeException e) {
                    addUnloadable(bundlePlace(environment, name), null, name, e);
                }
            }
        }
    }

    private static Place bundlePlace(Environment environment, String name) {
        boolean jks = Binder.get(environment)
                .bind("spring.ssl.bundle.jks." + name, Bindable.mapOf(String.class, Object.class))
                .isBound();
        return Place.property((jks ? "spring.ssl.bundle.jks." : BUNDLES) + name);
    }

    /**
     * Returns the names of all bundles. None if no property defines one, because Spring Boot creates all bundles when this class
     * first asks for one.
     */
    private List<String> names(Environment environment) {
        if (!Binder.get(environment)
                .bind("spring.ssl.bundle", Bindable.mapOf(String.class, Object.class))
                .isBound()) {
            return List.of();
        }
        try {
            return bundles.names();
        } catch (RuntimeException e) {
            if (failed.isEmpty()) {
                addUnloadable(Place.property("spring.ssl.bundle"), null, "", e);
            }
            return List.of();
        }
    }

    /** Returns remarks about the certificates of all bundles. Call this only if there are no problems. */
    public List<Remark> remarks(Environment environment) {
        CertificateDates dates = new CertificateDates(Instant.now(), CertificateDates.soon(environment));
        return names(environment).stream()
                .flatMap(name -> dates.remarks(name, bundles.find(name)).stream())
                .toList();
    }

    /**
     * @param value the value at the place; null for none
     * @param bundle the name of the bundle; empty if it is not known which one fails
     */
    private void addUnloadable(Place place, @Nullable String value, String bundle, RuntimeException e) {
        PemFileCheck.Wrong wrong = Optional.of(bundle)
                .filter(name -> !name.isBlank())
                .flatMap(name -> new PemFileCheck(problems, Place.property(BUNDLES + name)).run())
                .orElseGet(() -> new PemFileCheck.Wrong(
                        String.valueOf(
                                NestedExceptionUtils.getMostSpecificCause(e).getMessage()),
                        "name PEM files that exist and that can be read, or correct spring.ssl.bundle.*"));
        problems.add(place, value, "cannot be loaded: " + withoutKeys(wrong.reason()), wrong.fix());
    }

    private static List<String> listOf(String @Nullable [] values) {
        return values == null ? List.of() : List.of(values);
    }

    /**
     * Hides keys in a message. If somebody writes a key in place of its file's path, the message contains the key as a path that
     * does not exist.
     */
    private static String withoutKeys(String message) {
        return message.replaceAll("[A-Za-z0-9+/=]{60,}", Secret.HIDDEN);
    }
}
