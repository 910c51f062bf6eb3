package io.portproxy.cli;

import io.portproxy.client.ExposeListener;
import io.portproxy.config.source.Launcher;
import java.nio.charset.Charset;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "expose",
        description = {
            "Exposes services of this machine at ports or host names that the proxy server grants, and prints their addresses.",
            "Nothing else of this machine can be reached. There is no admin API. The log goes to standard error."
        },
        footer = {
            "",
            "The token is read from the variable PORTPROXY_TOKEN, or from a file.",
            "The exit code is 78 if the server refuses until somebody changes a configuration, and 1 if a later try may succeed.",
            "",
            "Example: portproxy expose 8080 --server proxy.example.net:9015 --name dev-ann",
            "         portproxy expose --http 3000 --server proxy.example.net:9015 --name ann"
        })
final class ExposeCommand implements RoleCommand {
    private static final String EXPOSE = ClientOptions.PREFIX + "expose";

    /** The format in which the command prints the addresses. */
    enum Output {
        text,
        json
    }

    @Mixin
    private final ClientOptions client = new ClientOptions();

    @Parameters(
            arity = "1..*",
            paramLabel = "TARGET",
            description = "The service to expose: a port of 127.0.0.1, or HOST:PORT.")
    private List<String> targets = List.of();

    @Option(names = "--http", description = "Each TARGET is a web application, and gets a host name instead of a port.")
    private boolean http;

    @Option(
            names = "--port",
            paramLabel = "PORT",
            description =
                    "The port at the server, for one TARGET. Default: any port of the grant, and the same each time.")
    private @Nullable String port;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FORMAT",
            description = "How to print the addresses: text, or json (one object per line). Default: text.")
    private Output output = Output.text;

    @Option(names = "--no-qr", description = "Do not show the URL of a web application as a QR code in a terminal.")
    private boolean noQr;

    @Override
    public void addTo(Launcher.Builder launch, Secrets secrets) {
        client.addTo(launch, secrets);
        if (port != null && targets.size() > 1) {
            throw new WrongUseException("--port is for one TARGET: start several, or leave it out");
        } else if (port != null && http) {
            throw new WrongUseException("--port and --http: a web application gets a host name, leave one of them out");
        }
        for (int i = 0; i < targets.size(); i++) {
            launch.set(EXPOSE + "[" + i + "].target", targets.get(i), "TARGET");
            if (http) {
                launch.set(EXPOSE + "[" + i + "].type", "http", "--http");
            }
        }
        if (port != null) {
            launch.set(EXPOSE + "[0].port", port, "--port");
        }
        launch.set("portproxy.admin.enabled", "false", "expose");
        launch.set("logging.level.root", "warn", "expose");
    }

    /** Returns whether to draw QR codes: there must be a person at the terminal who can point a phone at it. */
    boolean draws(Console console) {
        return http
                && !noQr
                && output == Output.text
                && console.prompt().isPresent()
                && Charset.defaultCharset().newEncoder().canEncode(QrCode.CHARACTERS);
    }

    @Override
    public void listen(Launcher.Builder launch, Console console) {
        launch.logToStandardError();
        launch.bean(
                ExposeListener.class, new ExposePrinter(console, output == Output.json, draws(console), System::exit));
    }
}
