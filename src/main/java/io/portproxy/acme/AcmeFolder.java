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
 * What is kept of one authority: the account's key, and for each name its key with its certificates, and the attempts since. Each
 * file is this user's alone, and replaced at once or not at all. A file that cannot be understood is renamed and not overwritten.
 * Any thread.
 */
final class AcmeFolder {
    private static final Logger log = LoggerFactory.getLogger(AcmeFolder.class);
    private static final String ACCOUNT = "account-key.pem";
    private static final String CERTIFICATES = "certificates";
    private static final long MOST_BYTES = 256 * 1024;
    private static final Pattern ATTEMPTS = Pattern.compile("failures=(\\d{1,6})\nnext=(\\S{1,40})\n");

    private final Path folder;

    /** @param folder made when something is written */
    AcmeFolder(Path folder) {
        this.folder = folder.toAbsolutePath().normalize();
    }

    /**
     * What an attempt leaves behind before it begins, so that a process that dies again and again does not ask more often than
     * one that lives.
     *
     * @param failures attempts in a row without a certificate
     * @param next when the next may begin
     */
    record Attempts(int failures, Instant next) {}

    /** The account's key; a new one if there is none. */
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

    /** The key and the certificates of a name; empty if there are none that can be used. */
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

    /** The same, for somebody who only looks: changes and tells nothing. */
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
            return Optional.of(""); // nothing of ours
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
        if (isPosix(unfinished)) { // before there is anything in it
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
        if (isPosix(parent)) { // others do not open folders
            try (FileChannel channel = FileChannel.open(parent, StandardOpenOption.READ)) {
                channel.force(true);
            }
        }
    }

    /** Made with all above it that are missing. The folder of all authorities, this one and what is in it are this user's alone. */
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
