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
 * The SSL bundles of ACME certificates: {@value #FIRST} for the first name of this server, and {@code acme:NAME} for each name.
 * They exist from the start on, if necessary with self-signed certificates. Each new certificate replaces the old one.
 */
public final class AcmeBundles {
    /** The bundle of the first name. */
    public static final String FIRST = "acme";

    private static final List<String> WRITTEN = List.of("spring.ssl.bundle.pem.acme.", "spring.ssl.bundle.jks.acme.");

    private AcmeBundles() {}

    /** Returns whether this is the name of such a bundle. */
    public static boolean isOne(String bundle) {
        return bundle.equals(FIRST) || bundle.startsWith(FIRST + ":");
    }

    /** Returns whether properties define a bundle of files with the name {@value #FIRST}. */
    public static boolean isTaken(Environment environment) {
        return WRITTEN.stream()
                .anyMatch(prefix ->
                        List.of("keystore.certificate", "keystore.location", "truststore.certificate").stream()
                                .anyMatch(key -> environment.containsProperty(prefix + key)));
    }

    /**
     * Registers a bundle for each name, with the certificate that exists. Ignores mistakes in the properties, because the check
     * reports them. Contacts nobody, and writes nothing.
     */
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

    /** Replaces the bundle of a name that has a new certificate. Does nothing if the name has no bundle. */
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
        } catch (IllegalArgumentException e) { // the URL or the path is wrong
            return AcmeCertificates.selfSigned(name);
        }
    }

    /**
     * Returns the folder of the certificates.
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
