package io.portproxy.cli;

import picocli.CommandLine.Command;

@Command(
        name = "manual",
        description = {
            "Prints the manual page. The Debian package installs it.",
            "To read it: portproxy manual | man -l -"
        })
final class ManualCommand implements SmallCommand {
    @Override
    public void run(Console console) {
        console.out()
                .print(ManualPage.of(Commands.commandLine(console).getCommandSpec(), new Version().getVersion()[0]));
        console.out().flush();
    }
}
