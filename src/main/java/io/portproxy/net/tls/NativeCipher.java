package io.portproxy.net.tls;

import com.amazon.corretto.crypto.provider.AmazonCorrettoCryptoProvider;
import java.security.GeneralSecurityException;
import java.security.NoSuchAlgorithmException;
import java.security.Provider;
import java.security.Security;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * AES-GCM as AWS-LC computes it, a native library that is up to three times as fast as the JDK. The JDK's TLS finds it
 * in the list of providers. The other algorithms of the library are not used; the JDK computes these.
 *
 * <p>Other users of AES-GCM in this process get it as well. They must not use one of its ciphers again with a nonce of
 * another length, because the Corretto Crypto Provider 2.5.0 handles that incorrectly. TLS's nonces have only one
 * length (RFC 8446, section 5.3).
 */
public final class NativeCipher {
    static final String NAME = "PortProxyAesGcm";

    private static final Logger log = LoggerFactory.getLogger(NativeCipher.class);
    private static final String TYPE = "Cipher";
    private static final String ALGORITHM = "AES/GCM/NoPadding";
    private static final String OF_THE_JDK = "SunJCE";

    private static final int BLOCK = 16;
    private static final int NONCE = 12;

    /**
     * The result for sixteen zero bytes under a key and a nonce of zeros, with its tag: test case 2 of the
     * specification of GCM.
     */
    private static final byte[] KNOWN_ANSWER =
            HexFormat.of().parseHex("0388dace60b6a392f328c2b971b2fe78ab6e47d42cec13bdf53a67b21257bddf");

    private NativeCipher() {}

    /**
     * Makes the library compute all new ciphers in the whole process. Nothing changes if there is no library for this
     * system, if it does not work, or if somebody has put another provider before the JDK's. The log says which case
     * applies. Any thread.
     */
    public static synchronized void install() {
        Optional<String> reason = Security.getProvider(NAME) == null ? tryInstall() : Optional.empty();
        if (reason.isPresent()) {
            log.info(
                    "TLS: AES-GCM is computed by the JDK, because the faster native library cannot be used: {}",
                    reason.get());
        } else {
            log.info("TLS: AES-GCM is computed by {}", AmazonCorrettoCryptoProvider.INSTANCE.getAwsLcVersionStr());
        }
    }

    /** Returns why it could not be installed; empty if it was. */
    private static Optional<String> tryInstall() {
        try {
            Provider[] providers = Security.getProviders(TYPE + "." + ALGORITHM);
            String first = providers == null ? "none" : providers[0].getName();
            if (!first.equals(OF_THE_JDK)) {
                return Optional.of("the first provider for it is " + first);
            }
            Throwable failure = AmazonCorrettoCryptoProvider.INSTANCE.getLoadingError();
            if (failure != null) {
                return failed(failure);
            }
            Provider.Service service = AmazonCorrettoCryptoProvider.INSTANCE.getService(TYPE, ALGORITHM);
            // The position of the JDK's provider, from 1.
            int ahead = List.of(Security.getProviders()).indexOf(providers[0]) + 1;
            Security.insertProviderAt(new OneAlgorithm(service), ahead);
            if (!isUsed()) {
                Security.removeProvider(NAME);
                return Optional.of("this JDK does not take it, or it computes something else");
            }
            return Optional.empty();
        } catch (Exception | LinkageError | AssertionError | OutOfMemoryError e) {
            Security.removeProvider(NAME);
            return failed(e);
        }
    }

    private static Optional<String> failed(Throwable failure) {
        log.debug("the native library cannot be used", failure);
        return Optional.of(failure.toString());
    }

    /** Returns whether a new cipher comes from the library and computes the right result. */
    private static boolean isUsed() throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance(ALGORITHM);
        SecretKeySpec key = new SecretKeySpec(new byte[BLOCK], "AES");
        cipher.init(Cipher.ENCRYPT_MODE, key, new GCMParameterSpec(BLOCK * Byte.SIZE, new byte[NONCE]));
        return cipher.getProvider().getName().equals(NAME)
                && Arrays.equals(cipher.doFinal(new byte[BLOCK]), KNOWN_ANSWER);
    }

    /** A provider of this one algorithm. */
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
