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

/** A running program, whose output is collected. */
final class Child {
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final long END_SECONDS = 5;

    private final String name;
    private final Process process;
    private final ByteArrayOutputStream output = new ByteArrayOutputStream();
    private final Thread reader;
    private List<ProcessHandle> toEnd = List.of();

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

    /** Returns what it has printed so far on both of its outputs. */
    String output() {
        return output.toString(StandardCharsets.UTF_8);
    }

    /** Returns how many lines with that text it has printed so far. */
    long countLines(String text) {
        return output().lines().filter(line -> line.contains(text)).count();
    }

    /** Waits until it has printed that text. */
    Child awaitOutput(String text) {
        return awaitOutput(text, 1);
    }

    /** Waits until it has printed that many lines with that text. */
    Child awaitOutput(String text, int lines) {
        await("\"" + text + "\" from " + name).atMost(PATIENCE).until(() -> {
            // The order matters: a program that prints its last line and then ends has printed that line.
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

    /** Waits until it has ended, and returns its exit code, which is 128 + n after signal n. */
    int awaitExit() throws InterruptedException {
        return awaitExit(PATIENCE);
    }

    /** Does the same as {@link #awaitExit()}, for a program that may take that long. */
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

    /** Returns the number of its open file descriptors, as Linux counts them. */
    long openFiles() throws IOException {
        try (Stream<Path> open = Files.list(Path.of("/proc", String.valueOf(pid()), "fd"))) {
            return open.count();
        }
    }

    /** Sends SIGTERM. */
    void terminate() {
        process.toHandle().destroy(); // the process's own method would also close its output before it is read
    }

    /** Sends SIGKILL and waits until it has ended. */
    void kill() throws InterruptedException {
        process.toHandle().destroyForcibly();
        process.waitFor();
    }

    /** Sends SIGTERM, and remembers the processes that it started for {@link #end}. So several can end side by side. */
    void beginEnd() {
        if (toEnd.isEmpty()) {
            toEnd = family();
            terminate();
        }
    }

    /** Ends it and every process that it started, with SIGKILL if SIGTERM does not suffice. */
    void end() throws InterruptedException {
        beginEnd();
        if (!process.waitFor(END_SECONDS, TimeUnit.SECONDS)) {
            kill();
        }
        toEnd.forEach(ProcessHandle::destroyForcibly);
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
