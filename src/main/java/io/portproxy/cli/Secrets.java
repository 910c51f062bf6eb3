package io.portproxy.cli;

import io.portproxy.config.check.FilePermissions;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Reads secrets from places that a list of processes does not show: the environment, files and the input. Never reads them from
 * an argument.
 */
final class Secrets {
    static final String TOKEN_VARIABLE = "PORTPROXY_TOKEN";
    static final String PASSWORD_VARIABLE = "PORTPROXY_PASSWORD";
    static final String INPUT = "-";

    /**
     * The most bytes that a secret may have. A secret is far shorter. The limit protects the memory if somebody names a wrong
     * file.
     */
    private static final int MAX_BYTES = 64 * 1024;

    private final Console console;

    Secrets(Console console) {
        this.console = console;
    }

    /** Returns the token from the environment. */
    Optional<String> tokenOfEnvironment() {
        return Optional.ofNullable(console.environment().get(TOKEN_VARIABLE));
    }

    /** Returns whether environment variables may set properties. */
    boolean propertiesInEnvironment() {
        return console.environment().keySet().stream()
                .anyMatch(name -> name.matches("(PORTPROXY|SPRING)_.*")
                        && !name.equals(TOKEN_VARIABLE)
                        && !name.equals(PASSWORD_VARIABLE));
    }

    /**
     * Reads a file, or the input if the name is {@code -}. Returns the text without the line end after it.
     *
     * @throws WrongUseException the text cannot be read, or is empty
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

    /** Decodes UTF-8, or UTF-16 with a byte order mark, which PowerShell writes. */
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
