package io.portproxy.bench;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Finds the programs that are installed on this machine. */
final class Programs {
    private static final List<String> SYSTEM_FOLDERS = List.of("/usr/sbin", "/usr/local/sbin", "/sbin");

    private Programs() {}

    /** Returns the program with that name, from the {@code PATH} or from the system's folders for servers. */
    static Optional<Path> find(String name) {
        List<String> folders = new ArrayList<>(List.of(System.getenv("PATH").split(File.pathSeparator)));
        folders.addAll(SYSTEM_FOLDERS);
        return folders.stream()
                .map(folder -> Path.of(folder, name))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /**
     * Returns the program with that name.
     *
     * @throws BenchException it is not installed
     */
    static String require(String name) throws BenchException {
        return find(name)
                .orElseThrow(() -> new BenchException(name + " is not installed"))
                .toString();
    }

    /** Returns why a contender that needs those programs cannot take part; empty if it can. */
    static Optional<String> missing(String... names) {
        return List.of(names).stream()
                .filter(name -> find(name).isEmpty())
                .findFirst()
                .map(name -> name + " is not installed");
    }

    /** Returns the {@code java} that this program runs on. */
    static String java() {
        return tool("java");
    }

    /** Returns a tool of the JDK that this program runs on. */
    static String tool(String name) {
        return Path.of(System.getProperty("java.home"), "bin", name).toString();
    }
}
