package io.portproxy.bench;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Where the programs are that this machine has installed. */
final class Programs {
    private static final List<String> SYSTEM_FOLDERS = List.of("/usr/sbin", "/usr/local/sbin", "/sbin");

    private Programs() {}

    /** The program of that name, in the {@code PATH} or where a system keeps its servers. */
    static Optional<Path> find(String name) {
        List<String> folders = new ArrayList<>(List.of(System.getenv("PATH").split(File.pathSeparator)));
        folders.addAll(SYSTEM_FOLDERS);
        return folders.stream()
                .map(folder -> Path.of(folder, name))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /**
     * The program of that name.
     *
     * @throws BenchException when it is not installed
     */
    static String require(String name) throws BenchException {
        return find(name)
                .orElseThrow(() -> new BenchException(name + " is not installed"))
                .toString();
    }

    /** Why a contender that needs those programs cannot take part, or nothing. */
    static Optional<String> missing(String... names) {
        return List.of(names).stream()
                .filter(name -> find(name).isEmpty())
                .findFirst()
                .map(name -> name + " is not installed");
    }

    /** The {@code java} that this program runs on. */
    static String java() {
        return tool("java");
    }

    /** A tool of the JDK that this program runs on. */
    static String tool(String name) {
        return Path.of(System.getProperty("java.home"), "bin", name).toString();
    }
}
