package io.portproxy.cli;

import io.portproxy.config.source.Launch;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "connect",
        description = "Connects this host to a proxy server, which exposes its targets.",
        footer = {
            "",
            "The token is read from the variable PORTPROXY_TOKEN, or from a file; without either the server must let anybody"
                    + " have the name.",
            "",
            "Example: portproxy connect --server proxy.example.net:9015 --name home --allow 17211 --tls"
        })
final class ConnectCommand implements RoleCommand {
    private static final String PREFIX = "portproxy.client.";

    @Mixin
    private final SharedOptions shared = new SharedOptions();

    @Option(names = "--server", paramLabel = "HOST:PORT", description = "Where the proxy server takes tunnels.")
    private @Nullable String server;

    @Option(
            names = "--name",
            paramLabel = "NAME",
            description = "The remote name, which the server knows this host by.")
    private @Nullable String name;

    @Option(
            names = "--allow",
            paramLabel = "TARGET",
            split = ",",
            description =
                    "What the server may have opened: a port of 127.0.0.1, HOST:PORT or HOST:*. Several with commas,"
                            + " or the option again. Default: every port of 127.0.0.1.")
    private @Nullable List<String> allow;

    @Option(
            names = "--token-file",
            paramLabel = "FILE",
            description = "A file with the token; - is the standard input.")
    private @Nullable String tokenFile;

    @Option(names = "--tls", description = "Encrypt the tunnel; trust the authorities that Java trusts.")
    private boolean tls;

    @Option(
            names = "--tls-ca",
            paramLabel = "FILE",
            description = "Encrypt the tunnel; trust only this authority, or this certificate, as PEM.")
    private @Nullable String authority;

    @Override
    public void addTo(Launch.Builder launch, Secrets secrets) {
        launch.role("client");
        shared.addConfig(launch);
        if ((server == null || name == null) && shared.areAlone(launch, secrets)) {
            throw new WrongUseException((server == null ? "--server HOST:PORT" : "--name NAME")
                    + " is missing: write it, or --config FILE with portproxy.client.*");
        }
        launch.setIfPresent(PREFIX + "server", Optional.ofNullable(server), "--server");
        launch.setIfPresent(PREFIX + "name", Optional.ofNullable(name), "--name");
        if (allow != null) {
            launch.setList(PREFIX + "allow", allow, "--allow");
        }
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
