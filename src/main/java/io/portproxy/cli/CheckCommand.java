package io.portproxy.cli;

import io.portproxy.config.DryRun;
import io.portproxy.config.check.CheckedServer;
import io.portproxy.config.check.ProcessSettings;
import io.portproxy.config.source.Launcher;
import io.portproxy.manage.ChangeResult;
import io.portproxy.manage.Desired;
import io.portproxy.manage.GatewayDefinition;
import io.portproxy.manage.PlannedGateway;
import io.portproxy.manage.RemoteDefinition;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

@Command(
        name = "check",
        description = {
            "Checks a configuration like a start, and says what a start would do. It opens no port and connects to nobody.",
            "Write it before the command: check serve OPTIONS, check connect OPTIONS, or check and the properties of a start,"
                    + " such as --spring.profiles.active=server. The exit code is 0, or 1 if something is wrong."
        },
        subcommands = {ServeCommand.class, ConnectCommand.class, ExposeCommand.class})
final class CheckCommand implements RoleCommand {
    @Option(
            names = "--against",
            paramLabel = "URL",
            description = "Also say what the files would change at a running server. URL is its admin API, such as"
                    + " http://127.0.0.1:9016. Tokens, passwords and values of header fields are not compared.")
    private @Nullable String against;

    @Option(
            names = "--user",
            paramLabel = "NAME",
            description =
                    "The user of that server, who needs the role viewer. Default: admin. The password is read from the"
                            + " variable PORTPROXY_PASSWORD or a file; otherwise you are asked for it.")
    private String user = "admin";

    @Option(
            names = "--password-file",
            paramLabel = "FILE",
            description = "A file with the password; - is the standard input.")
    private @Nullable String passwordFile;

    /**
     * Returns what to write if an option of a start follows {@code check} without the command that it belongs to; empty if the
     * arguments are wrong in another way.
     */
    static Optional<String> misplaced(ParameterException wrong) {
        if (!(wrong instanceof UnmatchedArgumentException unmatched
                && wrong.getCommandLine().getCommand() instanceof CheckCommand
                && !unmatched.getUnmatched().isEmpty())) {
            return Optional.empty();
        }
        String option = unmatched.getUnmatched().get(0).replaceFirst("=.*", "");
        String commands = wrong.getCommandLine().getSubcommands().values().stream()
                .map(CommandLine::getCommandSpec)
                .filter(command -> command.findOption(option) != null)
                .map(command -> "check " + command.name() + " "
                        + (command.findOption(option).arity().max() == 0
                                ? option
                                : option + " " + command.findOption(option).paramLabel()))
                .collect(Collectors.joining(", or "));
        return Optional.of(option + " belongs to a command, which is missing: write " + commands)
                .filter(message -> !commands.isEmpty());
    }

    /** Adds nothing: this command has no options that stand for properties of a role. */
    @Override
    public void addTo(Launcher.Builder launch, Secrets secrets) {}

    /**
     * Checks the configuration and, with {@code --against}, compares it with a running server.
     *
     * @return whether nothing is wrong
     * @throws WrongUseException the server named by {@code --against} does not answer, or its answer is not the expected one
     */
    boolean run(Launcher launch, Console console) {
        Optional<ProcessSettings> checked = DryRun.run(launch, console.out(), console.err());
        if (against != null && checked.isPresent()) {
            String url = against;
            CheckedServer server = checked.get()
                    .server()
                    .orElseThrow(() -> new WrongUseException(
                            "--against: is for a server, and this would be none; add the profile server"));
            compare(server, RunningServer.ask(url, user, password(console)), console);
        }
        return checked.isPresent();
    }

    private String password(Console console) {
        if (passwordFile != null) {
            return new Secrets(console).read("--password-file", passwordFile);
        }
        return Optional.ofNullable(console.environment().get(Secrets.PASSWORD_VARIABLE))
                .or(() -> console.prompt().map(ask -> ask.apply("Password of " + user + ": ")))
                .orElseThrow(() -> new WrongUseException("--against: a password is missing: set the variable "
                        + Secrets.PASSWORD_VARIABLE + ", or write --password-file FILE"));
    }

    private void compare(CheckedServer server, RunningServer running, Console console) {
        List<RemoteDefinition> wanted = server.remotes().stream()
                .map(remote -> remote.definition().withoutSecrets())
                .toList();
        List<GatewayDefinition> gateways =
                server.gateways().stream().map(PlannedGateway::definition).toList();
        ChangeResult change = ChangeResult.between(running.ofFiles(), new Desired(gateways, wanted));
        console.out().println("Tokens, passwords, values of header fields and request-timeout are not compared.");
        console.out().println("At " + against + ", this would change of what files declare:");
        if (change.isNothing()) {
            console.out().println("  nothing");
        }
        say(console, "added", change.added());
        say(console, "changed", change.changed());
        say(console, "removed", change.removed());
        wanted.stream()
                .map(RemoteDefinition::name)
                .filter(running.ofStore()::contains)
                .forEach(name -> console.out()
                        .println("  WARNING: its store has a remote " + name + ", which would not be exposed any more:"
                                + " the file wins"));
        gateways.stream()
                .map(GatewayDefinition::name)
                .filter(running.gatewaysOfStore()::contains)
                .forEach(name -> console.out()
                        .println("  WARNING: its store has a gateway " + name + ", which would not be open any more:"
                                + " the file wins"));
        console.out().flush();
    }

    private static void say(Console console, String what, List<ChangeResult.Item> items) {
        items.forEach(item -> console.out().println("  " + what + ": " + item));
    }
}
