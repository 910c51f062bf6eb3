package io.portproxy.config.tls;

import io.portproxy.acme.AcmeCertificates;
import io.portproxy.acme.HostNames;
import io.portproxy.acme.Identity;
import io.portproxy.config.properties.AcmeProperties;
import java.net.URI;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslBundleRegistry;
import org.springframework.boot.ssl.SslStoreBundle;
import org.springframework.core.env.Environment;

/**
 * The SSL bundles of certificates by ACME: {@value #FIRST} for the first of this server's names, and {@code acme:NAME} for each of
 * them. They are there from the start on, signed by themselves if need be, and replaced by each new certificate.
 */
public final class AcmeBundles {
    /** The bundle of the first name. */
    public static final String FIRST = "acme";

    private static final List<String> WRITTEN = List.of("spring.ssl.bundle.pem.acme.", "spring.ssl.bundle.jks.acme.");

    private AcmeBundles() {}

    /** Whether a bundle is one of these, by its name. */
    public static boolean isOne(String bundle) {
        return bundle.equals(FIRST) || bundle.startsWith(FIRST + ":");
    }

    /** Whether somebody has described a bundle of files with that name. */
    public static boolean isTaken(Environment environment) {
        return WRITTEN.stream()
                .anyMatch(prefix ->
                        List.of("keystore.certificate", "keystore.location", "truststore.certificate").stream()
                                .anyMatch(key -> environment.containsProperty(prefix + key)));
    }

    /** Registers what is there for the names. What is wrong with them is the check's to tell. Asks nobody, and keeps nothing. */
    public static void register(
            AcmeProperties properties, String data, Environment environment, SslBundleRegistry registry) {
        List<String> names = names(properties);
        if (names.isEmpty() || isTaken(environment)) {
            return;
        }
        List<String> done = new ArrayList<>();
        for (String name : names) {
            if (!done.contains(name)) {
                SslBundle bundle = bundle(peek(properties, data, name));
                if (done.isEmpty()) {
                    registry.registerBundle(FIRST, bundle);
                }
                registry.registerBundle(FIRST + ":" + name, bundle);
                done.add(name);
            }
        }
    }

    /** A name has another certificate; does nothing if it has no bundle. */
    public static void update(AcmeProperties properties, String name, Identity identity, SslBundleRegistry registry) {
        List<String> names = names(properties);
        if (names.contains(name)) {
            SslBundle bundle = bundle(identity);
            if (names.get(0).equals(name)) {
                registry.updateBundle(FIRST, bundle);
            }
            registry.updateBundle(FIRST + ":" + name, bundle);
        }
    }

    private static List<String> names(AcmeProperties properties) {
        return properties.names().stream()
                .flatMap(name -> HostNames.normal(name).stream())
                .toList();
    }

    private static Identity peek(AcmeProperties properties, String data, String name) {
        try {
            return AcmeCertificates.peek(URI.create(properties.directoryText()), folder(data), name);
        } catch (IllegalArgumentException e) { // of the URL or the path
            return AcmeCertificates.selfSigned(name);
        }
    }

    /**
     * Where certificates are kept.
     *
     * @throws InvalidPathException the text is no path
     */
    public static Path folder(String data) {
        return Path.of(data).resolve("acme");
    }

    private static SslBundle bundle(Identity identity) {
        return SslBundle.of(SslStoreBundle.of(identity.keyStore(), null, null));
    }
}
