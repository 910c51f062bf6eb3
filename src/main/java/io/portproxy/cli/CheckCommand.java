package io.portproxy.cli;

import io.portproxy.config.source.Launcher;
import picocli.CommandLine.Command;

@Command(
        name = "check",
        description = {
            "Checks a configuration as the start would, and says what it would do; opens no port and dials nobody.",
            "Written before what is to be checked: check serve OPTIONS, check connect OPTIONS, or check and the properties of"
                    + " a start, such as --spring.profiles.active=server. The exit code is 0, or 1 if something is wrong."
        },
        subcommands = {ServeCommand.class, ConnectCommand.class, ExposeCommand.class})
final class CheckCommand implements RoleCommand {

    /** Nothing but properties. */
    @Override
    public void addTo(Launcher.Builder launch, Secrets secrets) {}
}
