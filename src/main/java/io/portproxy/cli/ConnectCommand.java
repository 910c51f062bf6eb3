package io.portproxy.cli;

import io.portproxy.config.source.Launcher;
import java.util.List;
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
    @Mixin
    private final ClientOptions client = new ClientOptions();

    @Option(
            names = "--allow",
            paramLabel = "TARGET",
            split = ",",
            description =
                    "What the server may have opened: a port of 127.0.0.1, HOST:PORT or HOST:*. Several with commas,"
                            + " or the option again. Default: every port of 127.0.0.1.")
    private @Nullable List<String> allow;

    @Override
    public void addTo(Launcher.Builder launch, Secrets secrets) {
        client.addTo(launch, secrets);
        if (allow != null) {
            launch.setList(ClientOptions.PREFIX + "allow", allow, "--allow");
        }
    }
}
