package io.portproxy.cli;

import io.portproxy.config.check.FilePermissions;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/** Reads secrets from where no list of processes shows them: the environment, files and the input; never an argument. */
final class Secrets {
    static final String TOKEN_VARIABLE = "PORTPROXY_TOKEN";
    static final String PASSWORD_VARIABLE = "PORTPROXY_PASSWORD";
    static final String INPUT = "-";

    /** Far longer than any secret: a wrong file's name must not fill the memory. */
    private static final int MAX_BYTES = 64 * 1024;

    private final Console console;

    Secrets(Console console) {
        this.console = console;
    }

    /** A token from the environment. */
    Optional<String> tokenOfEnvironment() {
        return Optional.ofNullable(console.environment().get(TOKEN_VARIABLE));
    }

    /** Whether variables of the environment may set properties. */
    boolean propertiesInEnvironment() {
        return console.environment().keySet().stream()
                .anyMatch(name -> name.matches("(PORTPROXY|SPRING)_.*")
                        && !name.equals(TOKEN_VARIABLE)
                        && !name.equals(PASSWORD_VARIABLE));
    }

    /**
     * The text of a file, or of the input for {@code -}, without the line end behind it.
     *
     * @throws WrongUseException it cannot be read, or has no single line of text
     */
    String read(String option, String file) {
        try {
            byte[] bytes;
            if (file.equals(INPUT)) {
                bytes = console.read(MAX_BYTES);
            } else {
                FilePermissions.remark(Path.of(file))
                        .ifPresent(text -> console.err().println("WARNING: " + text));
                try (InputStream in = Files.newInputStream(Path.of(file))) {
                    bytes = in.readNBytes(MAX_BYTES);
                }
            }
            String text = text(bytes);
            if (text.isEmpty()) {
                throw new WrongUseException(option + ": " + name(file) + " is empty");
            }
            return text;
        } catch (NoSuchFileException e) {
            throw new WrongUseException(option + ": there is no file " + file);
        } catch (IOException e) {
            throw new WrongUseException(option + ": " + name(file) + " cannot be read: " + e.getMessage());
        }
    }

    /** UTF-8, or UTF-16 as PowerShell writes it, which begins with a byte order mark. */
    private static String text(byte[] bytes) {
        int mark = bytes.length < 2 ? 0 : (bytes[0] & 0xFF) << 8 | (bytes[1] & 0xFF);
        String text =
                new String(bytes, mark == 0xFEFF || mark == 0xFFFE ? StandardCharsets.UTF_16 : StandardCharsets.UTF_8);
        return (text.startsWith("\uFEFF") ? text.substring(1) : text).strip();
    }

    private static String name(String file) {
        return file.equals(INPUT) ? "the input" : file;
    }
}
