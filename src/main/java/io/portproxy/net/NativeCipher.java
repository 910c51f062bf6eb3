package io.portproxy.net;

import com.amazon.corretto.crypto.provider.AmazonCorrettoCryptoProvider;
import java.security.NoSuchAlgorithmException;
import java.security.Provider;
import java.security.Security;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * AES-GCM as AWS-LC computes it, a native library: up to three times as fast as the JDK's. The JDK's TLS takes it from the
 * list of providers; all else that the library can do is left to the JDK.
 */
public final class NativeCipher {
    static final String NAME = "PortProxyAesGcm";

    private static final Logger log = LoggerFactory.getLogger(NativeCipher.class);
    private static final String TYPE = "Cipher";
    private static final String ALGORITHM = "AES/GCM/NoPadding";
    private static final String OF_THE_JDK = "SunJCE";

    private NativeCipher() {}

    /**
     * Has all ciphers made from now on computed by the library, in the whole process. Where there is none for this system,
     * or somebody has put another provider ahead of the JDK's, all stays as it is, and the log says so. Any thread.
     */
    public static synchronized void install() {
        Optional<String> reason = Security.getProvider(NAME) == null ? tryInstall() : Optional.empty();
        if (reason.isPresent()) {
            log.info("TLS: AES-GCM is the JDK's, not the native library's, which is faster: {}", reason.get());
        } else {
            log.info("TLS: AES-GCM is computed by {}", AmazonCorrettoCryptoProvider.INSTANCE.getAwsLcVersionStr());
        }
    }

    /** Why not, or nothing. */
    private static Optional<String> tryInstall() {
        Provider[] providers = Security.getProviders(TYPE + "." + ALGORITHM);
        String first = providers == null ? "" : providers[0].getName();
        if (!first.equals(OF_THE_JDK)) {
            return Optional.of("the first provider for it is " + first);
        }
        Throwable failure;
        try {
            failure = AmazonCorrettoCryptoProvider.INSTANCE.getLoadingError();
        } catch (LinkageError e) {
            failure = e;
        }
        if (failure != null) {
            log.debug("the native library cannot be loaded", failure);
            return Optional.of(failure.toString());
        }
        Provider.Service service = AmazonCorrettoCryptoProvider.INSTANCE.getService(TYPE, ALGORITHM);
        int ahead = List.of(Security.getProviders()).indexOf(providers[0]) + 1; // its position, from 1
        Security.insertProviderAt(new OneAlgorithm(service), ahead);
        return Optional.empty();
    }

    /** A provider of nothing else. */
    private static final class OneAlgorithm extends Provider {
        private static final long serialVersionUID = 1L;

        OneAlgorithm(Service service) {
            super(NAME, service.getProvider().getVersionStr(), "AES-GCM of " + service.getProvider());
            putService(new Same(this, service));
        }
    }

    private static final class Same extends Provider.Service {
        private final Provider.Service service;

        Same(Provider provider, Provider.Service service) {
            super(provider, service.getType(), service.getAlgorithm(), service.getClassName(), null, null);
            this.service = service;
        }

        @Override
        public Object newInstance(Object parameter) throws NoSuchAlgorithmException {
            return service.newInstance(parameter);
        }

        @Override
        public boolean supportsParameter(Object parameter) {
            return service.supportsParameter(parameter);
        }
    }
}
