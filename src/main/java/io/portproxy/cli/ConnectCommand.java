package io.portproxy.cli;

import io.portproxy.config.source.Launcher;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "connect",
        description = "Runs a remote: connects this machine to a proxy server, which exposes its services.",
        footer = {
            "",
            "The token is read from the variable PORTPROXY_TOKEN, or from a file. Without a token, the server must allow anybody"
                    + " to use the name.",
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
                    "What the server may reach: a port of 127.0.0.1, HOST:PORT or HOST:*. Separate several with commas, or"
                            + " repeat the option. Default: every port of 127.0.0.1.")
    private @Nullable List<String> allow;

    @Override
    public void addTo(Launcher.Builder launch, Secrets secrets) {
        client.addTo(launch, secrets);
        if (allow != null) {
            launch.setList(ClientOptions.PREFIX + "allow", allow, "--allow");
        }
    }
}
