package io.portproxy.acme;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The files for one authority: the account's key, and for each name its key with its certificates, and the record of attempts since. Only
 * the user that runs PortProxy can read the files. Each file is replaced completely or not at all. A file that cannot be used is renamed,
 * not overwritten. Any thread.
 */
final class AcmeFolder {
    private static final Logger log = LoggerFactory.getLogger(AcmeFolder.class);
    private static final String ACCOUNT = "account-key.pem";
    private static final String CERTIFICATES = "certificates";
    private static final long MOST_BYTES = 256 * 1024;
    private static final Pattern ATTEMPTS = Pattern.compile("failures=(\\d{1,6})\nnext=(\\S{1,40})\n");

    private final Path folder;

    /** @param folder the folder; it is created when something is written */
    AcmeFolder(Path folder) {
        this.folder = folder.toAbsolutePath().normalize();
    }

    /**
     * The record that is written before an attempt begins. So a process that crashes repeatedly does not make attempts more often than one
     * that keeps running.
     *
     * @param failures the number of attempts in a row without a certificate
     * @param next when the next attempt may begin
     */
    record Attempts(int failures, Instant next) {}

    /** Returns the account's key. Makes a new one if there is none. */
    synchronized KeyPair accountKey() throws IOException {
        Path file = folder.resolve(ACCOUNT);
        Optional<String> text = read(file);
        if (text.isPresent()) {
            try {
                return Pem.keyPair(text.get());
            } catch (GeneralSecurityException e) {
                setAside(file, e);
            }
        }
        KeyPair key = Identity.newKey();
        write(file, Pem.of(key));
        return key;
    }

    /** Returns the key and the certificates of a name; empty if there are none that can be used. */
    synchronized Optional<Identity> identity(String name) throws IOException {
        Path file = certificateFile(name);
        Optional<String> text = read(file);
        if (text.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(Pem.identity(text.get()));
        } catch (GeneralSecurityException e) {
            setAside(file, e);
            return Optional.empty();
        }
    }

    /** Returns the same as {@link #identity}, but changes no files and logs nothing. */
    Optional<Identity> peek(String name) {
        try {
            Optional<String> text = read(certificateFile(name));
            return text.isEmpty() ? Optional.empty() : Optional.of(Pem.identity(text.get()));
        } catch (IOException | GeneralSecurityException e) {
            return Optional.empty();
        }
    }

    synchronized void keep(String name, Identity identity) throws IOException {
        try {
            write(certificateFile(name), Pem.of(identity));
        } catch (GeneralSecurityException e) {
            throw new IOException("the certificate of " + name + " cannot be written as text", e);
        }
    }

    synchronized Optional<Attempts> attempts(String name) throws IOException {
        Path file = attemptsFile(name);
        Matcher matcher = ATTEMPTS.matcher(read(file).orElse(""));
        if (!matcher.matches()) {
            return Optional.empty();
        }
        try {
            return Optional.of(new Attempts(Integer.parseInt(matcher.group(1)), Instant.parse(matcher.group(2))));
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    synchronized void keep(String name, Attempts attempts) throws IOException {
        write(attemptsFile(name), "failures=" + attempts.failures() + "\nnext=" + attempts.next() + "\n");
    }

    synchronized void forgetAttempts(String name) throws IOException {
        Files.deleteIfExists(attemptsFile(name));
    }

    private Path certificateFile(String name) {
        return folder.resolve(CERTIFICATES).resolve(name + ".pem");
    }

    private Path attemptsFile(String name) {
        return folder.resolve(CERTIFICATES).resolve(name + ".attempts");
    }

    private static Optional<String> read(Path file) throws IOException {
        if (!Files.exists(file)) {
            return Optional.empty();
        } else if (Files.size(file) > MOST_BYTES) {
            return Optional.of(""); // not a file that this class has written
        }
        return Optional.of(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1));
    }

    private static void setAside(Path file, GeneralSecurityException why) throws IOException {
        Path aside = file.resolveSibling(file.getFileName() + ".unusable-" + System.currentTimeMillis());
        Files.move(file, aside, StandardCopyOption.ATOMIC_MOVE);
        log.warn("{} cannot be used and was renamed to {}: {}", file, aside.getFileName(), why.getMessage());
    }

    private void write(Path file, String text) throws IOException {
        Path parent = folderOf(file);
        Path unfinished = parent.resolve(file.getFileName() + ".new");
        Files.deleteIfExists(unfinished);
        Files.createFile(unfinished);
        if (isPosix(unfinished)) { // before the file has any content
            Files.setPosixFilePermissions(unfinished, PosixFilePermissions.fromString("rw-------"));
        }
        try (FileChannel channel = FileChannel.open(unfinished, StandardOpenOption.WRITE)) {
            ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.ISO_8859_1));
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(true);
        }
        Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        if (isPosix(parent)) { // other systems cannot open folders
            try (FileChannel channel = FileChannel.open(parent, StandardOpenOption.READ)) {
                channel.force(true);
            }
        }
    }

    /**
     * Returns the folder of a file. Creates it with all missing parents. The folder for all authorities, and everything below it, is
     * accessible only to the user that runs PortProxy.
     */
    private Path folderOf(Path file) throws IOException {
        Path parent = file.getParent();
        if (parent == null) {
            throw new IOException(file + " is in no folder");
        }
        if (!Files.isDirectory(parent)) {
            Files.createDirectories(parent);
            Path above = parent;
            while (above != null && (above.startsWith(folder) || above.equals(folder.getParent()))) {
                if (isPosix(above)) {
                    Files.setPosixFilePermissions(above, PosixFilePermissions.fromString("rwx------"));
                }
                above = above.getParent();
            }
        }
        return parent;
    }

    private static boolean isPosix(Path path) {
        return Files.getFileAttributeView(path, PosixFileAttributeView.class) != null;
    }
}
