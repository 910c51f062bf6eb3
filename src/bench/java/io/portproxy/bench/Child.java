package io.portproxy.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A process that the suite started. Its output goes to a file. It ends with the suite. */
final class Child implements AutoCloseable {
    private static final int CLOSE_SECONDS = 5;

    private final String name;
    private final Path log;
    private final Process process;

    private Child(String name, Path log, Process process) {
        this.name = name;
        this.log = log;
        this.process = process;
    }

    /**
     * Starts a program.
     *
     * @param name the name of the process in messages
     * @param log the file for its output
     */
    static Child start(String name, Path log, List<String> command) throws IOException {
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        return new Child(name, log, process);
    }

    String name() {
        return name;
    }

    long pid() {
        return process.pid();
    }

    /** Returns the process id, and the ids of all its descendants that still run. */
    List<Long> pids() {
        return Stream.concat(Stream.of(process.toHandle()), process.descendants())
                .map(ProcessHandle::pid)
                .toList();
    }

    /** Returns what it has printed so far. */
    String output() {
        try {
            return Files.readString(log);
        } catch (IOException e) {
            return "its output cannot be read: " + e;
        }
    }

    /**
     * Checks that the process runs.
     *
     * @throws BenchException the process has ended; the message contains the last line of its output
     */
    void requireAlive() throws BenchException {
        if (!process.isAlive()) {
            String[] lines = output().split("\n");
            String end = lines[lines.length - 1];
            throw new BenchException(name + " has ended with code " + process.exitValue() + ": " + end);
        }
    }

    @Override
    public void close() {
        List<ProcessHandle> others = process.descendants().toList();
        process.destroy();
        try {
            if (!process.waitFor(CLOSE_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
        others.forEach(ProcessHandle::destroy);
    }
}
