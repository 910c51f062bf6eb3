package io.portproxy.cli;

import io.portproxy.config.source.Launcher;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options that every command shares that connects to a proxy server. */
final class ClientOptions {
    static final String PREFIX = "portproxy.client.";

    @Mixin
    final SharedOptions shared = new SharedOptions();

    @Option(names = "--server", paramLabel = "HOST:PORT", description = "Where the proxy server listens for remotes.")
    private @Nullable String server;

    @Option(
            names = "--name",
            paramLabel = "NAME",
            description = "The name of this remote in the server's configuration.")
    private @Nullable String name;

    @Option(
            names = "--token-file",
            paramLabel = "FILE",
            description = "A file with the token; - is the standard input.")
    private @Nullable String tokenFile;

    @Option(names = "--tls", description = "Encrypt the tunnel. Trust the authorities that Java trusts.")
    private boolean tls;

    @Option(
            names = "--tls-ca",
            paramLabel = "FILE",
            description = "Encrypt the tunnel. Trust only this authority or this certificate (PEM).")
    private @Nullable String authority;

    void addTo(Launcher.Builder launch, Secrets secrets) {
        launch.role("client");
        shared.addConfig(launch);
        if ((server == null || name == null) && shared.areAlone(launch, secrets)) {
            throw new WrongUseException((server == null ? "--server HOST:PORT" : "--name NAME")
                    + " is missing: write it, or --config FILE with portproxy.client.*");
        }
        launch.setIfPresent(PREFIX + "server", Optional.ofNullable(server), "--server");
        launch.setIfPresent(PREFIX + "name", Optional.ofNullable(name), "--name");
        if (tokenFile != null) {
            launch.set(PREFIX + "token", secrets.read("--token-file", tokenFile), "--token-file");
        } else {
            launch.setIfPresent(PREFIX + "token", secrets.tokenOfEnvironment(), Secrets.TOKEN_VARIABLE);
        }
        if (tls || authority != null || shared.hasCertificate()) {
            shared.addTls(launch, "client", authority, tls ? "--tls" : authority != null ? "--tls-ca" : "--tls-cert");
        }
    }
}
