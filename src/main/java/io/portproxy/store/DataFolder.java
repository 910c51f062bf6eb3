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

/** The folder for data that outlives the process. Only the user that the process runs as may use it. */
final class DataFolder {
    private static final String FIX = "write a folder that this user may write to, or let it (chown)";

    private DataFolder() {}

    /**
     * Creates the folder and those above it, if they do not exist.
     *
     * @throws CannotOpenException the process cannot create the folder or write to it
     */
    static void make(Path folder) {
        obstacle(folder).ifPresent(reason -> {
            throw new CannotOpenException(Cause.FOLDER, reason, FIX);
        });
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
    }

    /**
     * Returns why the process cannot create files in the folder, or the folder itself. Finds out as much as possible without a
     * try.
     */
    static Optional<String> obstacle(Path folder) {
        Path absolute = folder.toAbsolutePath().normalize();
        if (absolute.toString().indexOf(';') >= 0) {
            return Optional.of("has a semicolon in its path, which a database's file cannot have");
        } else if (Files.exists(absolute) && !Files.isDirectory(absolute)) {
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

    /** Lets only the owner read and write the file, if the file system knows owners. */
    static void makePrivate(Path file) throws IOException {
        if (isPosix(file)) {
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        }
    }

    private static boolean isPosix(Path path) {
        return Files.getFileAttributeView(path, PosixFileAttributeView.class) != null;
    }

    /** Waits until the names of the folder's files are on the disk. */
    static void sync(Path folder) throws IOException {
        if (isPosix(folder)) { // other systems do not open folders
            try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
                channel.force(true);
            }
        }
    }

    /** Converts a failure of the operating system to an exception with a reason and a fix. */
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
