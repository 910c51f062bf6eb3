package io.portproxy.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Reads the Markdown files of the project. Tests run in its root folder. */
public final class Documents {
    private static final Path FOLDER = Path.of("src/docs");
    private static final Pattern BLOCK = Pattern.compile("(?m)^```(.*)\\n((?s:.*?))^```$");

    /**
     * A fenced block of a document.
     *
     * @param file the document
     * @param line its first line
     * @param info the text after the opening fence
     * @param text the text between the fences
     */
    public record Block(Path file, long line, String info, String text) {
        @Override
        public String toString() {
            return file + ":" + line;
        }
    }

    private Documents() {}

    /** Returns the documents at top level and those in {@code src/docs}. */
    public static List<Path> all() {
        List<Path> files = new ArrayList<>();
        for (Path folder : List.of(Path.of(""), FOLDER)) {
            try (Stream<Path> found = Files.list(folder)) {
                found.filter(file -> file.toString().endsWith(".md")).sorted().forEach(files::add);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return files;
    }

    /** Returns the text of a document. */
    public static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns the text of a document without its fenced blocks. */
    public static String prose(Path file) {
        return BLOCK.matcher(text(file)).replaceAll("");
    }

    /** Returns all blocks whose opening fence is followed by exactly {@code info}. */
    public static Stream<Block> blocks(String info) {
        return all().stream().flatMap(file -> blocks(file).stream().filter(block -> block.info.equals(info)));
    }

    private static List<Block> blocks(Path file) {
        String text = text(file);
        List<Block> blocks = new ArrayList<>();
        for (Matcher block = BLOCK.matcher(text); block.find(); ) {
            long line = text.substring(0, block.start()).lines().count() + 1;
            blocks.add(new Block(file, line, block.group(1), block.group(2)));
        }
        return blocks;
    }
}
