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

/** Finds the SSL bundles that the roles name, checks them and turns them into settings. */
public final class TlsCheck {
    private static final String BUNDLES = "spring.ssl.bundle.pem.";

    /** What gateways speak inside TLS, as ALPN calls it (RFC 7301). */
    static final List<String> HTTP = List.of("http/1.1", "http/1.0");

    private final TlsBundles bundles;
    private final AcmeDoor acme;
    private final Problems problems;
    private final Set<String> failed = new HashSet<>();

    /**
     * @param bundles asked only when a role names a bundle
     * @param acme where certificates by ACME are found, once they are there
     * @param problems where to report
     */
    public TlsCheck(TlsBundles bundles, AcmeDoor acme, Problems problems) {
        this.acme = acme;
        this.bundles = bundles;
        this.problems = problems;
    }

    /** A remote's TLS: its bundle needs a key only where the server asks for certificates. */
    public Optional<TlsSettings> client(Place place, @Nullable String bundle) {
        return settings(place, bundle, false);
    }

    /** A proxy server's TLS; {@code needClients} for certificates on both sides. */
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
                // Java's own authorities would do then, and those give a certificate to anybody.
                problems.add(
                        bundlePlace,
                        name,
                        "does not say whose certificates to trust, which client-auth: need asks for",
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

    /** The certificates of a gateway, of one bundle or, in the order of their names, of several; empty also if there are problems. */
    public Optional<ServerNames> certificates(Place place, String name) {
        return certificate(place, name).map(one -> bundles.certificates(List.of(one)));
    }

    /** Where certificates by ACME are found, once they are there. */
    public AcmeDoor acme() {
        return acme;
    }

    /** As {@link #certificates(Place, String)}. */
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
            addUnloadable(place, name, e);
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

    /** A bundle that cannot be loaded stops the start, whoever it is for; here with a message. */
    public void checkTheOthers(Environment environment) {
        for (String name : names(environment)) {
            if (!bundles.isUsed(name) && failed.add(name)) {
                try {
                    SslBundle bundle = bundles.find(name);
                    bundle.getStores().getKeyStore();
                    bundle.getStores().getTrustStore();
                    failed.remove(name);
                } catch (RuntimeException e) {
                    addUnloadable(bundlePlace(environment, name), null, e);
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

    /** None, if there is nothing to ask for: bundles are made when they are first asked for. */
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
                addUnloadable(Place.property("spring.ssl.bundle"), null, e);
            }
            return List.of();
        }
    }

    /** What there is to say of the certificates of all bundles; when there is no problem. */
    public List<Remark> remarks(Environment environment) {
        CertificateDates dates = new CertificateDates(Instant.now(), CertificateDates.soon(environment));
        return names(environment).stream()
                .flatMap(name -> dates.remarks(name, bundles.find(name)).stream())
                .toList();
    }

    private void addUnloadable(Place place, @Nullable String name, RuntimeException e) {
        String cause =
                String.valueOf(NestedExceptionUtils.getMostSpecificCause(e).getMessage());
        problems.add(
                place,
                name,
                "cannot be loaded: " + withoutKeys(cause),
                "name PEM files that exist and that can be read, or correct spring.ssl.bundle.*");
    }

    private static List<String> listOf(String @Nullable [] values) {
        return values == null ? List.of() : List.of(values);
    }

    /** A key that was written in place of its file's path comes back in the message as a path that does not exist. */
    private static String withoutKeys(String message) {
        return message.replaceAll("[A-Za-z0-9+/=]{60,}", Secret.HIDDEN);
    }
}
