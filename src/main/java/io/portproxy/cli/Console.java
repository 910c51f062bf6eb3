package io.portproxy.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.Charset;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * What a command has around it.
 *
 * @param in where secrets may be read from
 * @param out for what was asked for
 * @param err for what is wrong
 * @param environment the environment's variables
 * @param prompt asks a person without showing what is typed; empty when nobody is at the terminal
 */
public record Console(
        InputStream in,
        PrintWriter out,
        PrintWriter err,
        Map<String, String> environment,
        Optional<Function<String, String>> prompt) {

    /** The process's own. */
    @SuppressWarnings("SystemConsoleNull") // with the property it is null again where there is no terminal
    public static Console ofProcess() {
        // From 22 on Java would otherwise give a console also where input is no terminal, and ask a file for its
        // password.
        System.setProperty("jdk.console", System.getProperty("jdk.console", "java.base"));
        java.io.Console terminal = System.console();
        Optional<Function<String, String>> prompt = terminal == null
                ? Optional.empty()
                : Optional.of(question -> {
                    char[] typed = terminal.readPassword("%s", question);
                    return typed == null ? "" : new String(typed);
                });
        return new Console(System.in, writer(System.out), writer(System.err), System.getenv(), prompt);
    }

    private static PrintWriter writer(PrintStream stream) {
        return new PrintWriter(stream, true, Charset.defaultCharset());
    }

    /** All of the input, at most {@code limit} bytes of it. */
    byte[] read(int limit) throws IOException {
        return in.readNBytes(limit);
    }
}
