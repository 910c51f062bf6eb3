package io.portproxy.cli;

import io.portproxy.config.source.Launcher;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that both roles share. */
final class SharedOptions {
    /** The name of the SSL bundle that the TLS options create. */
    private static final String BUNDLE = "command-line";

    /** The places where Spring Boot looks for properties by default. */
    private static final List<String> FILES =
            List.of("application.yml", "application.yaml", "application.properties", "config");

    private static final String PEM = "spring.ssl.bundle.pem." + BUNDLE;

    @Option(names = "--config", paramLabel = "FILE", description = "A YAML file with properties. Options override it.")
    @Nullable
    String config;

    @Option(
            names = "--tls-cert",
            paramLabel = "FILE",
            description = "The certificate of this side, then its intermediate certificates (PEM). Needs --tls-key.")
    @Nullable
    String certificate;

    @Option(names = "--tls-key", paramLabel = "FILE", description = "The private key of that certificate (PEM).")
    @Nullable
    String key;

    /** Returns whether the options name a certificate for this side. */
    boolean hasCertificate() {
        if ((certificate == null) != (key == null)) {
            throw new WrongUseException("--tls-cert and --tls-key belong together: write both or neither");
        }
        return certificate != null;
    }

    /**
     * Returns whether the options of the command are the only source of properties: there is no file, no property argument and no
     * variable.
     */
    boolean areAlone(Launcher.Builder launch, Secrets secrets) {
        return config == null
                && !launch.hasArguments()
                && !secrets.propertiesInEnvironment()
                && FILES.stream().noneMatch(file -> Files.exists(Path.of(file)));
    }

    void addConfig(Launcher.Builder launch) {
        if (config != null) {
            launch.set("spring.config.additional-location", file(config), "--config");
        }
    }

    /** Creates the bundle from the given files, and sets it as the bundle of the role. */
    void addTls(Launcher.Builder launch, String role, @Nullable String authority, String option) {
        launch.set("portproxy." + role + ".ssl.bundle", BUNDLE, option);
        launch.set(PEM + ".reload-on-update", String.valueOf(hasCertificate() || authority != null), option);
        if (certificate != null && key != null) {
            launch.set(PEM + ".keystore.certificate", file(certificate), "--tls-cert");
            launch.set(PEM + ".keystore.private-key", file(key), "--tls-key");
        }
        if (authority != null) {
            launch.set(PEM + ".truststore.certificate", file(authority), "--tls-ca");
        }
    }

    private static String file(String path) {
        return "file:" + path;
    }
}
