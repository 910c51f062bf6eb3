package io.portproxy.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A process that the suite started, whose output goes to a file. Ends with the suite. */
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
     * @param name names it in messages
     * @param log takes its output
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

    /** Its number and those of all that it started and that still run. */
    List<Long> pids() {
        return Stream.concat(Stream.of(process.toHandle()), process.descendants())
                .map(ProcessHandle::pid)
                .toList();
    }

    /** What it has printed so far. */
    String output() {
        try {
            return Files.readString(log);
        } catch (IOException e) {
            return "its output cannot be read: " + e;
        }
    }

    /**
     * Returns while it runs.
     *
     * @throws BenchException with the end of its output when it has ended
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
