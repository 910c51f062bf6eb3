package io.portproxy.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The image's Dockerfile, whose steps run in a folder that stands for the file system of all stages. This makes no image, but does what
 * the steps do. The class knows the instructions that the file has, and fails at any other.
 */
final class Dockerfile {
    private static final Pattern QUOTED = Pattern.compile("\"([^\"]*)\"");

    /** Making the class cache uses a processor for ten seconds or more. */
    private static final Duration PATIENCE = Duration.ofMinutes(4);

    private final Path root;
    private final Children children;
    private final Map<String, String> environment;
    private final List<String[]> instructions = new ArrayList<>();
    private Path workFolder;

    Dockerfile(Path file, Path root, Children children, Map<String, String> environment) throws IOException {
        this.root = root;
        this.workFolder = root;
        this.children = children;
        this.environment = environment;
        String joined = Files.readString(file).replaceAll("(?m)^#.*\n", "").replaceAll("\\\\\n\\s*", "");
        joined.lines().filter(line -> !line.isBlank()).forEach(line -> instructions.add(line.split("\\s+", 2)));
    }

    /** Runs the steps that make the image. */
    void build() throws IOException, InterruptedException {
        for (String[] instruction : instructions) {
            switch (instruction[0]) {
                case "WORKDIR" -> workFolder = Files.createDirectories(inside(instruction[1]));
                case "COPY" -> copy(instruction[1].split("\\s+"));
                case "RUN" -> run(List.of("sh", "-c", moved(instruction[1])));
                case "ARG", "FROM", "LABEL", "USER", "EXPOSE", "HEALTHCHECK", "ENTRYPOINT" -> {}
                default -> throw new AssertionError("an instruction that is not known here: " + instruction[0]);
            }
        }
    }

    private void run(List<String> command) throws IOException, InterruptedException {
        Child step = children.start(builder(command));
        assertThat(step.awaitExit(PATIENCE)).as("exit code of %s", command).isZero();
    }

    /** Starts the image's entry point. */
    Child start(String... arguments) throws IOException {
        List<String> command = exec(only("ENTRYPOINT"));
        command.add(0, "env"); // looks the program up in the PATH of its own environment
        command.addAll(List.of(arguments));
        return children.start(builder(command));
    }

    /** Runs the health check as the container engine does, and returns its exit code. */
    int health(Map<String, String> variables) throws IOException, InterruptedException {
        ProcessBuilder builder = builder(exec(only("HEALTHCHECK").replaceFirst(".* CMD ", "")));
        builder.environment().putAll(variables);
        return children.start(builder).awaitExit();
    }

    /** Returns the arguments of an instruction that occurs exactly once. */
    String only(String instruction) {
        List<String> all = instructions.stream()
                .filter(one -> one[0].equals(instruction))
                .map(one -> one[1])
                .toList();
        assertThat(all).as(instruction).hasSize(1);
        return all.get(0);
    }

    private List<String> exec(String json) {
        return QUOTED.matcher(json)
                .results()
                .map(word -> moved(word.group(1)))
                .collect(Collectors.toCollection(ArrayList::new));
    }

    private ProcessBuilder builder(List<String> command) {
        ProcessBuilder builder = new ProcessBuilder(command).directory(workFolder.toFile());
        builder.environment().putAll(environment);
        return builder;
    }

    private void copy(String[] words) throws IOException {
        boolean fromStage = words[0].startsWith("--from=");
        Path to = workFolder.resolve(words[words.length - 1]).normalize();
        for (String word : Arrays.copyOfRange(words, fromStage ? 1 : 0, words.length - 1)) {
            Path from = fromStage ? inside(word) : Path.of(word).toAbsolutePath();
            if (Files.isDirectory(from)) {
                copyFolder(from, to);
            } else {
                Files.copy(from, Files.isDirectory(to) ? to.resolve(from.getFileName()) : to);
            }
        }
    }

    private static void copyFolder(Path from, Path to) throws IOException {
        try (Stream<Path> all = Files.walk(from)) {
            for (Path one : all.toList()) {
                Path copy = to.resolve(from.relativize(one).toString());
                if (Files.isDirectory(one)) {
                    Files.createDirectories(copy);
                } else {
                    Files.copy(one, copy, StandardCopyOption.COPY_ATTRIBUTES);
                }
            }
        }
    }

    private Path inside(String absolute) {
        return root.resolve(absolute.replaceFirst("^/", "")).normalize();
    }

    /** Moves the paths of the image's own folders below the root, and removes owners, which only root can set. */
    private String moved(String text) {
        return text.replaceAll(
                        "(?<![\\w.])/(app|build|var/lib/portproxy)\\b",
                        Matcher.quoteReplacement(root.toString()) + "/$1")
                .replaceAll(" -[og] [0-9]+\\b", "");
    }
}
