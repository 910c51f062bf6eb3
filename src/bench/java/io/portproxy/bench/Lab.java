package io.portproxy.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The folder of one run, and all processes that were started for it. Closing it ends the processes, the newest first. */
final class Lab implements AutoCloseable {
    private final Path folder;
    private final Set<String> known = new HashSet<>();
    private final Ports ports = new Ports();
    private final List<Child> children = Collections.synchronizedList(new ArrayList<>());

    /**
     * Creates the folder.
     *
     * @param folder the folder for configurations, keys and output
     */
    Lab(Path folder) throws IOException {
        this.folder = Files.createDirectories(folder.toAbsolutePath());
        Runtime.getRuntime().addShutdownHook(new Thread(this::close, "end-children"));
    }

    /** Returns whether this is the first call with that value. */
    synchronized boolean isFirst(String what) {
        return known.add(what);
    }

    int freePort() throws BenchException {
        return ports.free();
    }

    /** Returns the path of a file in the folder. The file does not have to exist. */
    Path file(String name) {
        return folder.resolve(name);
    }

    /** Writes a file in the folder. */
    Path write(String name, String content) throws IOException {
        Path file = Files.writeString(file(name), content);
        keepSecret(file);
        return file;
    }

    /** Makes a file unreadable for other users, because it may contain a secret. */
    static void keepSecret(Path file) throws IOException {
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    }

    /** Starts a program. It runs until {@link #end} or the end of the suite. */
    Child start(String name, List<String> command) throws IOException {
        Child child = Child.start(name, file(name + ".log"), command);
        children.add(child);
        return child;
    }

    /** Ends a program. */
    void end(Child child) {
        child.close();
        children.remove(child);
    }

    /**
     * Runs a program and waits for its end.
     *
     * @return its output
     * @throws BenchException the program failed
     */
    String run(List<String> command) throws BenchException {
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            process.getOutputStream().close();
            String output = new String(process.getInputStream().readAllBytes());
            int code = process.waitFor();
            if (code != 0) {
                throw new BenchException(String.join(" ", command) + " ended with code " + code + ": " + output);
            }
            return output;
        } catch (IOException e) {
            throw new BenchException("cannot run " + command.get(0), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BenchException("interrupted");
        }
    }

    @Override
    public void close() {
        List<Child> all = new ArrayList<>(children);
        Collections.reverse(all);
        all.forEach(this::end);
    }
}
