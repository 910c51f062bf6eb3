package io.portproxy.it;

import static org.awaitility.Awaitility.await;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A running program. What it prints is collected. */
final class Child {
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final long END_SECONDS = 5;

    private final String name;
    private final Process process;
    private final ByteArrayOutputStream output = new ByteArrayOutputStream();
    private final Thread reader;

    private Child(String name, Process process) {
        this.name = name;
        this.process = process;
        this.reader = new Thread(this::collect, "output of " + name);
    }

    static Child start(ProcessBuilder builder) throws IOException {
        List<String> command = builder.command();
        Process process = builder.redirectErrorStream(true).start();
        Child child = new Child(String.join(" ", command), process);
        process.getOutputStream().close();
        child.reader.setDaemon(true);
        child.reader.start();
        return child;
    }

    private void collect() {
        try (InputStream in = process.getInputStream()) {
            in.transferTo(output);
        } catch (IOException e) {
            output.writeBytes(("\n(its output could not be read: " + e + ")").getBytes(StandardCharsets.UTF_8));
        }
    }

    /** What it has printed so far, on both of its outputs. */
    String output() {
        return output.toString(StandardCharsets.UTF_8);
    }

    /** How many lines with that text it has printed so far. */
    long countLines(String text) {
        return output().lines().filter(line -> line.contains(text)).count();
    }

    /** Waits until it has printed that text. */
    Child awaitOutput(String text) {
        return awaitOutput(text, 1);
    }

    /** Waits until it has printed so many lines with that text. */
    Child awaitOutput(String text, int lines) {
        await("\"" + text + "\" from " + name).atMost(PATIENCE).until(() -> {
            // Asked in this order: a program that prints its last line and ends has printed it.
            boolean alive = process.isAlive();
            if (!alive) {
                reader.join();
            }
            if (countLines(text) >= lines) {
                return true;
            }
            if (!alive) {
                throw new IllegalStateException("ended without \"" + text + "\": " + this);
            }
            return false;
        });
        return this;
    }

    /** Waits until it has ended, and gives its exit code: 128 + n after signal n. */
    int awaitExit() throws InterruptedException {
        return awaitExit(PATIENCE);
    }

    /** As {@link #awaitExit()}, of a program that may take as long. */
    int awaitExit(Duration patience) throws InterruptedException {
        if (!process.waitFor(patience.toSeconds(), TimeUnit.SECONDS)) {
            throw new AssertionError("still runs after " + patience.toSeconds() + " s: " + name);
        }
        reader.join(PATIENCE.toMillis());
        return process.exitValue();
    }

    boolean isRunning() {
        return process.isAlive();
    }

    long pid() {
        return process.pid();
    }

    /** The file descriptors that it has open, as Linux counts them. */
    long openFiles() throws IOException {
        try (Stream<Path> open = Files.list(Path.of("/proc", String.valueOf(pid()), "fd"))) {
            return open.count();
        }
    }

    /** Sends SIGTERM. */
    void terminate() {
        process.toHandle().destroy(); // the process's own method would also close its output, unread
    }

    /** Sends SIGKILL, and waits until it is gone. */
    void kill() throws InterruptedException {
        process.toHandle().destroyForcibly();
        process.waitFor();
    }

    /** Ends it and every process that it started, if need be by SIGKILL. */
    void end() throws InterruptedException {
        List<ProcessHandle> family = family();
        terminate();
        if (!process.waitFor(END_SECONDS, TimeUnit.SECONDS)) {
            kill();
        }
        family.forEach(ProcessHandle::destroyForcibly);
    }

    /** Sends SIGKILL to it and every process that it started. */
    void killFamily() {
        family().forEach(ProcessHandle::destroyForcibly);
    }

    private List<ProcessHandle> family() {
        return Stream.concat(process.descendants(), Stream.of(process.toHandle()))
                .toList();
    }

    @Override
    public String toString() {
        String state = process.isAlive() ? "running" : "exit code " + process.exitValue();
        return "--- " + name + " (" + state + ") printed:\n" + output();
    }
}
