package io.portproxy.net.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.amazon.corretto.crypto.provider.AmazonCorrettoCryptoProvider;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.Provider;
import java.security.SecureRandom;
import java.security.Security;
import java.security.Signature;
import java.util.List;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class NativeCipherTest {
    private static final String AES_GCM = "AES/GCM/NoPadding";
    private static final byte[] TEXT = "a record of TLS".getBytes(StandardCharsets.UTF_8);

    private List<String> before = List.of();
    private @Nullable Provider installed;
    private int installedAt; // where another test's application has put it; 0 if it has not

    @BeforeEach
    void needsTheLibrary() {
        installedAt = names().indexOf(NativeCipher.NAME) + 1;
        installed = Security.getProvider(NativeCipher.NAME);
        Security.removeProvider(NativeCipher.NAME);
        before = names();
        Throwable error = AmazonCorrettoCryptoProvider.INSTANCE.getLoadingError();
        assumeTrue(error == null, () -> "no native library for this system: " + error);
    }

    @AfterEach
    void takeBack() {
        Security.removeProvider(NativeCipher.NAME);
        assertThat(names()).isEqualTo(before);
        if (installed != null) {
            Security.insertProviderAt(installed, installedAt);
        }
    }

    private static List<String> names() {
        return List.of(Security.getProviders()).stream().map(Provider::getName).toList();
    }

    @Test
    void onlyAesGcmIsTheLibrarys() throws GeneralSecurityException {
        NativeCipher.install();
        NativeCipher.install();

        assertThat(Cipher.getInstance(AES_GCM).getProvider().getName()).isEqualTo(NativeCipher.NAME);
        assertThat(List.of(
                        Cipher.getInstance("AES/CBC/PKCS5Padding").getProvider(),
                        Cipher.getInstance("ChaCha20-Poly1305").getProvider(),
                        Mac.getInstance("HmacSHA256").getProvider(),
                        MessageDigest.getInstance("SHA-256").getProvider(),
                        Signature.getInstance("SHA256withECDSA").getProvider(),
                        new SecureRandom().getProvider()))
                .allSatisfy(provider -> assertThat(before).contains(provider.getName()));
        assertThat(names()).hasSize(before.size() + 1);
    }

    @Test
    void itComputesWhatTheJdkDoes() throws GeneralSecurityException {
        NativeCipher.install();
        Cipher ours = Cipher.getInstance(AES_GCM);
        Cipher jdks = Cipher.getInstance(AES_GCM, "SunJCE");

        byte[] encrypted = run(ours, Cipher.ENCRYPT_MODE, TEXT);

        assertThat(encrypted).isEqualTo(run(jdks, Cipher.ENCRYPT_MODE, TEXT));
        assertThat(run(ours, Cipher.DECRYPT_MODE, encrypted)).isEqualTo(TEXT);
        encrypted[3] ^= 1;
        assertThatThrownBy(() -> run(ours, Cipher.DECRYPT_MODE, encrypted)).isInstanceOf(AEADBadTagException.class);
    }

    @Test
    void anotherProviderAheadOfTheJdksStays() throws GeneralSecurityException {
        Security.insertProviderAt(AmazonCorrettoCryptoProvider.INSTANCE, 1); // an operator may have set it up like this
        try {
            NativeCipher.install();

            assertThat(Cipher.getInstance(AES_GCM).getProvider()).isSameAs(AmazonCorrettoCryptoProvider.INSTANCE);
            assertThat(names()).doesNotContain(NativeCipher.NAME);
        } finally {
            Security.removeProvider(AmazonCorrettoCryptoProvider.PROVIDER_NAME);
        }
    }

    private static byte[] run(Cipher cipher, int mode, byte[] bytes) throws GeneralSecurityException {
        cipher.init(mode, new SecretKeySpec(new byte[16], "AES"), new GCMParameterSpec(128, new byte[12]));
        cipher.updateAAD(new byte[5]);
        return cipher.doFinal(bytes);
    }
}
