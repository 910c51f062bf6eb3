package io.portproxy.cli;

import io.portproxy.config.source.Launcher;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * All commands. An argument list that begins with an option other than {@code --help} and {@code --version} contains no command.
 * It belongs to Spring Boot.
 */
@Command(
        name = "portproxy",
        description =
                "A reverse tunnel: exposes services of machines that cannot be reached, through tunnels that they open.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            ServeCommand.class,
            ConnectCommand.class,
            ExposeCommand.class,
            CheckCommand.class,
            TokenCommand.class,
            HashPasswordCommand.class,
            CompletionCommand.class,
            ManualCommand.class
        },
        footer = {
            "",
            "Every property can follow a command, as in --portproxy.client.tunnels=4.",
            "Without a command the roles are profiles: --spring.profiles.active=server, client, both, or demo to try it out,"
                    + " with properties from application.yml, the environment and options."
        })
public final class Commands {
    /** The exit code after wrong use. */
    static final int WRONG_USE = 2;

    /** An option with a point in its name is a property. */
    private static final Pattern PROPERTY = Pattern.compile("--[^=]*[^.=]\\.[^=]+=.*", Pattern.DOTALL);

    private static final List<String> OWN_OPTIONS = List.of("--help", "-h", "--version", "-V");

    private Commands() {}

    /** Returns whether {@link #run} handles these arguments. All others belong to Spring Boot. */
    public static boolean areMeant(String... arguments) {
        return arguments.length > 0 && (!arguments[0].startsWith("-") || OWN_OPTIONS.contains(arguments[0]));
    }

    /**
     * Runs the command that the arguments name.
     *
     * @param start starts the roles, on the calling thread
     * @return the exit code: 0 for success, 1 if a check finds something wrong, 2 after wrong use. A start also returns 0, and
     *     the roles continue to run.
     */
    public static int run(String[] arguments, Console console, Consumer<Launcher> start) {
        Launcher.Builder launch = Launcher.builder();
        List<String> own = new ArrayList<>();
        for (String argument : arguments) {
            if (PROPERTY.matcher(argument).matches()) {
                launch.argument(argument);
            } else {
                own.add(argument);
            }
        }
        CommandLine line = commandLine(console);
        try {
            ParseResult parsed = line.parseArgs(own.toArray(String[]::new));
            Integer helped = CommandLine.executeHelpRequest(parsed);
            return helped != null ? helped : run(parsed.asCommandLineList(), launch, console, start);
        } catch (ParameterException e) {
            Optional<String> misplaced = CheckCommand.misplaced(e);
            console.err().println(misplaced.orElseGet(() -> String.valueOf(e.getMessage())));
            if (misplaced.isEmpty()) {
                UnmatchedArgumentException.printSuggestions(e, console.err());
            }
            console.err().println("Try: " + e.getCommandLine().getCommandSpec().qualifiedName() + " --help");
            return WRONG_USE;
        }
    }

    static CommandLine commandLine(Console console) {
        CommandLine line = new CommandLine(new Commands())
                .setOut(console.out())
                .setErr(console.err())
                .setUsageHelpAutoWidth(true)
                .setAbbreviatedOptionsAllowed(false);
        addHelp(line);
        line.getCommandSpec()
                .addOption(CommandLine.Model.OptionSpec.builder("-V", "--version")
                        .versionHelp(true)
                        .description("Print the version.")
                        .build());
        line.getCommandSpec().versionProvider(new Version());
        return line;
    }

    /** Adds the option {@code --help} to this command and, recursively, to all its subcommands. */
    private static void addHelp(CommandLine line) {
        line.getCommandSpec()
                .addOption(CommandLine.Model.OptionSpec.builder("-h", "--help")
                        .usageHelp(true)
                        .description("Print this help.")
                        .build());
        line.getSubcommands().values().forEach(Commands::addHelp);
    }

    private static int run(
            List<CommandLine> commands, Launcher.Builder launch, Console console, Consumer<Launcher> start) {
        CommandLine last = commands.get(commands.size() - 1);
        try {
            if (last.getCommand() instanceof SmallCommand small) {
                small.run(console);
            } else if (last.getCommand() instanceof RoleCommand role) {
                role.addTo(launch, new Secrets(console));
                if (commands.get(1).getCommand() instanceof CheckCommand check) {
                    return check.run(launch.build(), console) ? 0 : 1;
                }
                role.listen(launch, console);
                start.accept(launch.build());
            } else {
                throw new WrongUseException("a command is missing");
            }
            return 0;
        } catch (WrongUseException e) {
            throw new ParameterException(last, String.valueOf(e.getMessage()), e);
        }
    }
}
