package io.portproxy.cli;

import picocli.AutoComplete;
import picocli.CommandLine.Command;

@Command(
        name = "completion",
        description = {
            "Prints a script that completes commands and options in bash and zsh. The Debian package installs it.",
            "To use it in this shell: source <(portproxy completion)"
        })
final class CompletionCommand implements SmallCommand {
    @Override
    public void run(Console console) {
        console.out().println(AutoComplete.bash("portproxy", Commands.commandLine(console)));
    }
}
