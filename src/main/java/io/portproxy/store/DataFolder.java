package io.portproxy.store;

import io.portproxy.store.CannotOpenException.Cause;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;

/** The folder for what outlives the process, for the user that it runs as and for nobody else. */
final class DataFolder {
    private static final String FIX = "write a folder that this user may write to, or let it (chown)";

    private DataFolder() {}

    /**
     * Makes the folder, and those above it, if there is none.
     *
     * @throws CannotOpenException it cannot be made or written to
     */
    static void make(Path folder) {
        try {
            if (!Files.isDirectory(folder)) {
                Files.createDirectories(folder);
                if (isPosix(folder)) {
                    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
                }
            }
        } catch (IOException e) {
            throw failure(e);
        }
        obstacle(folder).ifPresent(reason -> {
            throw new CannotOpenException(Cause.FOLDER, reason, FIX);
        });
    }

    /** Why files cannot be made in the folder, or the folder itself, as far as that can be told without trying. */
    static Optional<String> obstacle(Path folder) {
        Path absolute = folder.toAbsolutePath().normalize();
        if (Files.exists(absolute) && !Files.isDirectory(absolute)) {
            return Optional.of("is no folder");
        } else if (Files.exists(absolute)) {
            return Files.isWritable(absolute) && Files.isExecutable(absolute)
                    ? Optional.empty()
                    : Optional.of("is a folder that this user may not write to");
        }
        Path above = absolute;
        while (above.getParent() != null && !Files.exists(above)) {
            above = above.getParent();
        }
        return Files.isDirectory(above) && Files.isWritable(above)
                ? Optional.empty()
                : Optional.of("cannot be made: this user may not write to " + above);
    }

    /** For its owner alone, where the file system knows owners. */
    static void makePrivate(Path file) throws IOException {
        if (isPosix(file)) {
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        }
    }

    private static boolean isPosix(Path path) {
        return Files.getFileAttributeView(path, PosixFileAttributeView.class) != null;
    }

    /** Waits until the names of its files are on the disk. */
    static void sync(Path folder) throws IOException {
        if (isPosix(folder)) { // others do not open folders
            try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
                channel.force(true);
            }
        }
    }

    /** What the operating system refused. */
    static CannotOpenException failure(IOException e) {
        String reason = e instanceof AccessDeniedException denied
                ? "cannot be written: this user may not write to " + denied.getFile()
                : e instanceof FileAlreadyExistsException there
                        ? "cannot be made: " + there.getFile() + " is no folder"
                        : "cannot be written: "
                                + (e instanceof FileSystemException file && file.getReason() != null
                                        ? file.getReason()
                                        : String.valueOf(e.getMessage()));
        return new CannotOpenException(Cause.FOLDER, reason, FIX);
    }
}
