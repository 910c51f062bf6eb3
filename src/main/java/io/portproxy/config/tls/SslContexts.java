package io.portproxy.config.tls;

import io.portproxy.net.tls.ServerCertificate;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.X509KeyManager;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.core.NestedExceptionUtils;

/**
 * The newest context of one SSL bundle. The thread that reloads the bundle creates it, so that {@link #get} never blocks. If that
 * fails, the previous context stays.
 */
final class SslContexts implements Supplier<SSLContext> {
    private static final Logger log = LoggerFactory.getLogger(SslContexts.class);

    private final String name;
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
    private volatile SSLContext newest;
    private volatile Set<String> names;

    /**
     * Creates the first context.
     *
     * @throws RuntimeException the bundle's keys or certificates cannot be used
     */
    SslContexts(String name, SslBundles bundles) {
        this.name = name;
        SslBundle first = bundles.getBundle(name);
        this.newest = context(first);
        this.names = names(first);
        bundles.addBundleUpdateHandler(name, this::update);
    }

    @Override
    public SSLContext get() {
        return newest;
    }

    /** Returns the names of the newest certificate, in the form of {@link ServerCertificate}. None if there is no certificate. */
    Set<String> names() {
        return names;
    }

    /** Runs an action after each successful reload. */
    void whenReloaded(Runnable action) {
        listeners.add(action);
    }

    private static Set<String> names(SslBundle bundle) {
        return certificate(bundle.getStores().getKeyStore())
                .map(ServerCertificate::namesOf)
                .orElse(Set.of());
    }

    private void update(SslBundle bundle) {
        try {
            newest = context(bundle);
            names = names(bundle);
        } catch (RuntimeException e) {
            log.warn(
                    "SSL bundle {} was reloaded but cannot be used; tunnels continue to use the previous one: {}",
                    name,
                    NestedExceptionUtils.getMostSpecificCause(e).getMessage());
            log.debug("the bundle's failure", e);
            return;
        }
        listeners.forEach(Runnable::run);
        new CertificateDates(Instant.now(), CertificateDates.SOON)
                .remarks(name, bundle)
                .forEach(remark -> log.warn("{}", remark.text()));
        log.info(
                "SSL bundle {} was reloaded{}: new tunnels use it, existing tunnels stay up",
                name,
                certificate(bundle.getStores().getKeyStore())
                        .map(own -> ", its certificate is valid until "
                                + own.getNotAfter().toInstant())
                        .orElse(""));
    }

    /**
     * Creates a context as {@link SslBundle#createSslContext()} does, but unlocks the keys only once. With many bundles,
     * unlocking takes most of the time.
     */
    private static SSLContext context(SslBundle bundle) {
        KeyManager[] all = bundle.getManagers().getKeyManagers();
        for (KeyManager manager : all) {
            if (manager instanceof X509KeyManager keys) {
                KeyPairCheck.check(keys);
            }
        }
        try {
            SSLContext context = SSLContext.getInstance(bundle.getProtocol());
            context.init(all, bundle.getManagers().getTrustManagers(), null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(String.valueOf(e.getMessage()), e);
        }
    }

    /** Returns the certificate of the store's first key; empty if there is none. */
    static Optional<X509Certificate> certificate(@Nullable KeyStore store) {
        if (store == null) {
            return Optional.empty();
        }
        try {
            for (String alias : Collections.list(store.aliases())) {
                Certificate certificate = store.getCertificate(alias);
                if (store.isKeyEntry(alias) && certificate instanceof X509Certificate x509) {
                    return Optional.of(x509);
                }
            }
            return Optional.empty();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e); // cannot happen: Spring Boot has loaded the store
        }
    }
}
