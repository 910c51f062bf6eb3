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
 * The surroundings of a command: its input, its output and its environment.
 *
 * @param in the input from which a command may read secrets
 * @param out receives the result of the command
 * @param err receives errors and warnings
 * @param environment the environment variables
 * @param prompt asks a person a question and does not show what the person types; empty if there is no person at the terminal
 */
public record Console(
        InputStream in,
        PrintWriter out,
        PrintWriter err,
        Map<String, String> environment,
        Optional<Function<String, String>> prompt) {

    /** Returns the console of this process. */
    @SuppressWarnings("SystemConsoleNull") // null without a terminal: see below
    public static Console ofProcess() {
        // Java 22 and later otherwise return a console even if the input is no terminal. A command would then ask a
        // file for its password.
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

    /** Reads the input up to its end, but at most {@code limit} bytes. */
    byte[] read(int limit) throws IOException {
        return in.readNBytes(limit);
    }
}
