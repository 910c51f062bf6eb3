package io.portproxy.cli;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** The manual page, in the macros of man(7). Its text comes from what {@code --help} shows of each command. */
final class ManualPage {
    private static final String EXIT_STATUS = """
            .SH EXIT STATUS
            .TP
            .B 0
            The command succeeded, or somebody stopped it.
            .TP
            .B 1
            The start failed for a reason that may pass, such as a port in use; or check found something wrong.
            .TP
            .B 2
            There is no such command or option.
            .TP
            .B 78
            The configuration is wrong: the message names the property, and what to write.
            """;
    private static final String FILES = """
            .SH FILES
            .TP
            .I /etc/portproxy/server.yml
            The configuration of portproxy@server.service.
            .TP
            .I /etc/portproxy/client.yml
            The configuration of portproxy@client.service.
            .TP
            .I /etc/portproxy/secrets/
            Each file is a property, such as portproxy.client.token.
            .TP
            .I /etc/default/portproxy-server\\fR, \\fI/etc/default/portproxy-client
            Variables for the service, such as JDK_JAVA_OPTIONS.
            """;

    private final StringBuilder text = new StringBuilder();

    private ManualPage() {}

    /**
     * Writes the page.
     *
     * @param program all commands
     * @param version the version for the foot of the page
     */
    static String of(CommandSpec program, String version) {
        ManualPage page = new ManualPage();
        page.write(program, version);
        return page.text.toString();
    }

    private void write(CommandSpec program, String version) {
        String name = program.name();
        line(".TH " + name.toUpperCase(Locale.ROOT) + " 1 \"\" \"" + escaped(version) + "\" \"User Commands\"");
        line(".SH NAME");
        line(name + " \\- self\\-hosted reverse tunnel");
        line(".SH SYNOPSIS");
        List<CommandSpec> commands = program.subcommands().values().stream()
                .map(CommandLine::getCommandSpec)
                .toList();
        commands.forEach(command -> line(".B " + name + " " + escaped(command.name()) + "\n[options]\n.br"));
        line(".B " + name + "\n\\-\\-spring.profiles.active=\\fIrole\\fR [\\fIproperty\\fR...]");
        line(".SH DESCRIPTION");
        paragraphs(program.usageMessage().description());
        paragraphs(program.usageMessage().footer());
        options(program);
        line(".SH COMMANDS");
        commands.forEach(this::command);
        text.append(EXIT_STATUS).append(FILES);
    }

    private void command(CommandSpec command) {
        line(".SS " + escaped(command.name()));
        paragraphs(command.usageMessage().description());
        options(command);
        paragraphs(command.usageMessage().footer());
    }

    private void paragraphs(String... lines) {
        Stream.of(lines).filter(line -> !line.isBlank()).forEach(line -> line(".PP\n" + escaped(line)));
    }

    private void options(CommandSpec command) {
        for (OptionSpec option : command.options()) {
            String names = Stream.of(option.names())
                    .map(name -> "\\fB" + escaped(name) + "\\fR")
                    .collect(Collectors.joining(", "));
            String parameter = option.arity().max() > 0 ? " \\fI" + escaped(option.paramLabel()) + "\\fR" : "";
            line(".TP\n" + names + parameter);
            line(escaped(String.join(" ", option.description())));
        }
    }

    private void line(String line) {
        text.append(line).append('\n');
    }

    /** Escapes a text, so that groff finds no commands in it. */
    private static String escaped(String plain) {
        String escaped = plain.replace("\\", "\\e").replace("-", "\\-");
        return escaped.startsWith(".") || escaped.startsWith("'") ? "\\&" + escaped : escaped;
    }
}
