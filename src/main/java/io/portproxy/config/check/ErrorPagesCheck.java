package io.portproxy.config.check;

import io.portproxy.config.problem.Place;
import io.portproxy.config.problem.Problems;
import io.portproxy.http.ErrorPages;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads the operator's own error pages. */
final class ErrorPagesCheck {
    private static final int MAX_BYTES = 64 * 1024;
    private static final String END = ".html";
    private static final Pattern NAME = Pattern.compile("([45]\\d\\d|" + ErrorPages.ANY + ")\\.html");

    private final Problems problems;
    private final Place place;

    /** @param place the place of the property that names the folder */
    ErrorPagesCheck(Problems problems, Place place) {
        this.problems = problems;
        this.place = place;
    }

    /** Returns the pages that can be read. Adds a problem for the others. */
    ErrorPages run(@Nullable String folder) {
        Map<String, String> pages = new TreeMap<>();
        if (folder != null) {
            try (Stream<Path> files = Files.list(Path.of(folder))) {
                List<Path> named = files.filter(file ->
                                NAME.matcher(file.getFileName().toString()).matches())
                        .toList();
                named.forEach(file -> read(file, pages));
                if (named.isEmpty()) {
                    problems.add(place, folder, "has no page", "write 404.html, 503.html or error.html there");
                }
            } catch (IOException | InvalidPathException e) {
                problems.add(
                        place,
                        folder,
                        "is no folder that can be read",
                        "write a folder that has 404.html or error.html");
            }
        }
        return new ErrorPages(pages);
    }

    private void read(Path file, Map<String, String> pages) {
        String name = file.getFileName().toString();
        try (InputStream in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(MAX_BYTES + 1);
            if (bytes.length > MAX_BYTES) {
                problems.add(place, file, "is longer than 64KB", "write a shorter page");
            }
            pages.put(name.substring(0, name.length() - END.length()), new String(bytes, StandardCharsets.UTF_8));
        } catch (IOException e) {
            problems.add(place, file, "cannot be read", "let this process's user read it, or remove it");
        }
    }
}
