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
 * AES-GCM as AWS-LC computes it, a native library: up to three times as fast as the JDK's. The JDK's TLS takes it from the
 * list of providers; all else that the library can do is left to the JDK.
 *
 * <p>Whoever else uses AES-GCM in this process gets it, too. A cipher of it must not be used again with a nonce of another
 * length, which the Corretto Crypto Provider 2.5.0 gets wrong; TLS's nonces have one length (RFC 8446, section 5.3).
 */
public final class NativeCipher {
    static final String NAME = "PortProxyAesGcm";

    private static final Logger log = LoggerFactory.getLogger(NativeCipher.class);
    private static final String TYPE = "Cipher";
    private static final String ALGORITHM = "AES/GCM/NoPadding";
    private static final String OF_THE_JDK = "SunJCE";

    private static final int BLOCK = 16;
    private static final int NONCE = 12;

    /** Sixteen zeros under a key and a nonce of zeros, and the tag: test case 2 of the specification of GCM. */
    private static final byte[] KNOWN_ANSWER =
            HexFormat.of().parseHex("0388dace60b6a392f328c2b971b2fe78ab6e47d42cec13bdf53a67b21257bddf");

    private NativeCipher() {}

    /**
     * Has all ciphers made from now on computed by the library, in the whole process. Where there is none for this system,
     * or it does not work, or somebody has put another provider ahead of the JDK's, all stays as it is. The log says which.
     * Any thread.
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

    /** Why not, or nothing. */
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
            int ahead = List.of(Security.getProviders()).indexOf(providers[0]) + 1; // its position, from 1
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

    /** Whether what asks for a cipher gets the library's, and it computes what it should. */
    private static boolean isUsed() throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance(ALGORITHM);
        SecretKeySpec key = new SecretKeySpec(new byte[BLOCK], "AES");
        cipher.init(Cipher.ENCRYPT_MODE, key, new GCMParameterSpec(BLOCK * Byte.SIZE, new byte[NONCE]));
        return cipher.getProvider().getName().equals(NAME)
                && Arrays.equals(cipher.doFinal(new byte[BLOCK]), KNOWN_ANSWER);
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
