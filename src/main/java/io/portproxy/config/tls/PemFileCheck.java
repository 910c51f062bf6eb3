package io.portproxy.config.tls;

import io.portproxy.config.problem.Place;
import io.portproxy.config.problem.Problems;
import io.portproxy.config.problem.WrittenValue;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.ssl.pem.PemContent;
import org.springframework.util.ResourceUtils;

/**
 * Finds the file of a bundle that has no usable PEM. What Spring Boot says of such a file does not contain its name. Blocks on the file
 * system.
 */
final class PemFileCheck {
    private final Problems problems;
    private final Place bundle;

    /** @param bundle the place of the bundle, such as {@code spring.ssl.bundle.pem.own} */
    PemFileCheck(Problems problems, Place bundle) {
        this.problems = problems;
        this.bundle = bundle;
    }

    /**
     * A file that is wrong.
     *
     * @param reason the file, the property or option that names it, and what is wrong
     * @param fix what to write instead
     */
    record Wrong(String reason, String fix) {}

    /** Reads the PEM of one file. */
    private interface Reader {
        /**
         * Returns what the file has; null if it has none.
         *
         * @throws RuntimeException the file has none, or it cannot be used
         */
        @Nullable
        Object read(PemContent content);
    }

    /** Returns the first file that is wrong; empty if the reason must be another one. */
    Optional<Wrong> run() {
        Place keys = bundle.key("keystore");
        return certificate(keys).or(() -> privateKey(keys)).or(() -> certificate(bundle.key("truststore")));
    }

    private Optional<Wrong> certificate(Place store) {
        return find(store.key("certificate"), "certificate", "CERTIFICATE", PemContent::getCertificates)
                .map(wrong -> new Wrong(
                        wrong.reason(), wrong.fix() + " (openssl x509 -inform DER makes one of a file in DER)"));
    }

    private Optional<Wrong> privateKey(Place store) {
        String password = problems.written(store.key("private-key-password"))
                .map(WrittenValue::text)
                .orElse(null);
        return find(store.key("private-key"), "private key", "PRIVATE KEY", content -> content.getPrivateKey(password));
    }

    private Optional<Wrong> find(Place place, String what, String label, Reader reader) {
        String location = problems.written(place).map(WrittenValue::text).orElse("");
        if (location.isBlank() || PemContent.isPresentInText(location)) {
            return Optional.empty();
        }
        PemContent content;
        try (InputStream in = ResourceUtils.getURL(location).openStream()) {
            content = PemContent.load(in);
        } catch (IOException e) {
            return Optional.empty(); // there is no such file, which Spring Boot says with its name
        }
        String why = "";
        try {
            if (reader.read(content) != null) {
                return Optional.empty();
            }
        } catch (RuntimeException e) {
            why = ": " + e.getMessage();
        }
        String name = problems.name(place);
        String file = location.startsWith("file:") ? location.substring("file:".length()) : location;
        return Optional.of(new Wrong(
                "the file " + file + " of " + name + " has no usable " + what + " in PEM" + why,
                "let " + name + " name a file with the line -----BEGIN " + label + "-----"));
    }
}
