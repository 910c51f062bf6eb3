package io.portproxy.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The built jar, unpacked by its own tool, with an archive of its classes. It starts in half the time, and starts take most of the time
 * of these tests. The first JVM that needs it makes it for all JVMs that run tests.
 */
final class Unpacked {
    /** These options halve the start time again: no process here runs long enough to profit from the better compiler and collector. */
    private static final List<String> JVM = List.of("-Xmx128m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC");

    private static final String ARCHIVE = "classes.jsa";

    /** The folder of each jar that is ready. Looking again would read the whole jar at each start. */
    private static final Map<Path, Path> ready = new HashMap<>();

    private Unpacked() {}

    /** Returns the command line up to the jar. */
    static synchronized List<String> command(Path jar) throws IOException, InterruptedException {
        Path folder = ready.get(jar);
        if (folder == null) {
            folder = prepare(jar);
            ready.put(jar, folder);
        }
        return command("-XX:SharedArchiveFile=" + folder.resolve(ARCHIVE), folder);
    }

    /** Unpacks the jar, unless another JVM has done that. */
    private static Path prepare(Path jar) throws IOException, InterruptedException {
        Path folder = jar.resolveSibling("it-app-" + Integer.toHexString(Arrays.hashCode(Files.readAllBytes(jar))));
        try (FileChannel channel = FileChannel.open(
                        jar.resolveSibling("it-app.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock lock = channel.lock()) {
            assertThat(lock.isValid()).isTrue();
            if (!Files.exists(folder.resolve(ARCHIVE))) {
                unpack(jar, folder);
                train(folder);
            }
        }
        return folder;
    }

    private static List<String> command(String option, Path folder) {
        List<String> command = new ArrayList<>(List.of(java()));
        command.addAll(JVM);
        command.addAll(List.of(option, "-jar", folder.resolve("portproxy.jar").toString()));
        return command;
    }

    private static void unpack(Path jar, Path folder) throws IOException, InterruptedException {
        Child unpacking = Child.start(new ProcessBuilder(
                java(),
                "-Djarmode=tools",
                "-jar",
                jar.toString(),
                "extract",
                "--force",
                "--destination",
                folder.toString()));
        assertThat(unpacking.awaitExit()).as("%s", unpacking).isZero();
    }

    /** Starts and stops the program. The JVM then writes the classes that it has loaded. */
    private static void train(Path folder) throws IOException, InterruptedException {
        Path unfinished = folder.resolve("unfinished.jsa");
        List<String> command = command("-XX:ArchiveClassesAtExit=" + unfinished, folder);
        command.addAll(List.of(
                "--spring.profiles.active=demo",
                "--server.port=0",
                "--portproxy.demo.traffic=false",
                "--portproxy.demo.tunnel=127.0.0.1:" + FreePorts.find(),
                "--portproxy.demo.http-port=" + FreePorts.find(),
                "--portproxy.demo.echo-port=" + FreePorts.find(),
                "--portproxy.demo.exposed-http=127.0.0.1:0",
                "--portproxy.demo.exposed-tcp=127.0.0.1:0"));
        Child child = Child.start(new ProcessBuilder(command));
        try {
            child.awaitOutput(PortProxy.STARTED);
            child.terminate();
            child.awaitExit();
        } finally {
            child.killFamily();
        }
        Files.move(unfinished, folder.resolve(ARCHIVE), StandardCopyOption.ATOMIC_MOVE);
    }

    private static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }
}
