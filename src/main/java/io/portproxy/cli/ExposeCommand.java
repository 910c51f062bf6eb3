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
            "Has a proxy server expose targets of this host, at ports or host names that it grants, and says at which.",
            "Nothing else can be reached. There is no admin API; the log goes to the standard error."
        },
        footer = {
            "",
            "The token is read from the variable PORTPROXY_TOKEN, or from a file.",
            "The exit code is 78 if the server refuses for as long as nobody changes a configuration, and 1 if it refuses now.",
            "",
            "Example: portproxy expose 8080 --server proxy.example.net:9015 --name dev-ann",
            "         portproxy expose --http 3000 --server proxy.example.net:9015 --name ann"
        })
final class ExposeCommand implements RoleCommand {
    private static final String EXPOSE = ClientOptions.PREFIX + "expose";

    /** How it says what it has. */
    enum Output {
        text,
        json
    }

    @Mixin
    private final ClientOptions client = new ClientOptions();

    @Parameters(
            arity = "1..*",
            paramLabel = "TARGET",
            description = "What is exposed: a port of 127.0.0.1, or HOST:PORT.")
    private List<String> targets = List.of();

    @Option(
            names = "--http",
            description = "Each TARGET is a web application, which gets a host name of the server in place of a port.")
    private boolean http;

    @Option(
            names = "--port",
            paramLabel = "PORT",
            description =
                    "The only port of the server that will do, for one TARGET. Default: any, and the same each time.")
    private @Nullable String port;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FORMAT",
            description = "How it says where a target is exposed: text, or json, one object a line. Default: text.")
    private Output output = Output.text;

    @Option(
            names = "--no-qr",
            description = "Do not draw the address of a web application as a QR code. Otherwise a terminal shows one.")
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

    /** Whether there is a person who could point a phone at the terminal. */
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
