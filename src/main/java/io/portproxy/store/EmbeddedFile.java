package io.portproxy.store;

import com.zaxxer.hikari.HikariDataSource;
import io.portproxy.manage.StoreState;
import io.portproxy.store.CannotOpenException.Cause;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * The database in a file of this host: H2. A file that has the name of the store has all of its tables: it is made under another
 * name, so that one that was cut off or emptied is never taken for a new one.
 */
final class EmbeddedFile {
    private static final String SUFFIX = ".mv.db";
    private static final String NAME = "portproxy";
    private static final String UNFINISHED = "portproxy-new";

    /** H2's numbers of errors, see org.h2.api.ErrorCode. */
    private static final int ALREADY_OPEN = 90020;

    private final Path folder;

    /** @param folder where the file is, or is to be */
    EmbeddedFile(Path folder) {
        this.folder = folder.toAbsolutePath().normalize();
    }

    /** The file. */
    Path path() {
        return folder.resolve(NAME + SUFFIX);
    }

    /** Whether there is one. */
    boolean exists() {
        return Files.exists(path());
    }

    /**
     * Opens the file; makes it, and its folder, if there is none.
     *
     * @throws CannotOpenException it cannot be opened or made
     */
    Database open() {
        DataFolder.make(folder);
        if (!exists()) {
            create();
        } else if (!Files.isWritable(path()) || !Files.isReadable(path())) {
            throw new CannotOpenException(
                    Cause.FOLDER,
                    "has the file " + path().getFileName() + ", which this user may not read and write",
                    "give it to the user that PortProxy runs as");
        }
        HikariDataSource source = pool(NAME, true);
        try {
            Schema.State state = Schema.state(JdbcClient.create(source));
            if (state == Schema.State.NONE) {
                throw damaged("it has none of PortProxy's tables");
            }
            Schema.migrate(source);
            return new Database(source, StoreState.Kind.EMBEDDED, path().toString());
        } catch (DataAccessException e) {
            source.close();
            throw failure(e);
        } catch (RuntimeException e) {
            source.close();
            throw e;
        }
    }

    private void create() {
        Path unfinished = folder.resolve(UNFINISHED + SUFFIX);
        try {
            Files.deleteIfExists(unfinished);
            try (HikariDataSource source = pool(UNFINISHED, false)) {
                new JdbcTemplate(source).execute("select 1");
                DataFolder.makePrivate(unfinished); // before there is anything in it
                Schema.migrate(source);
            } catch (DataAccessException e) {
                throw failure(e);
            }
            try (FileChannel file = FileChannel.open(unfinished, StandardOpenOption.WRITE)) {
                file.force(true);
            }
            Files.move(unfinished, path(), StandardCopyOption.ATOMIC_MOVE);
            DataFolder.sync(folder);
        } catch (IOException e) {
            throw DataFolder.failure(e);
        }
    }

    /** H2 takes what is in the URL only when it opens the file, so there is one place for its settings. */
    private HikariDataSource pool(String name, boolean mustExist) {
        HikariDataSource source = ConnectionPool.make();
        source.setJdbcUrl("jdbc:h2:file:" + folder.resolve(name).toString().replace(";", "\\;")
                + ";IFEXISTS=" + mustExist
                + ";DB_CLOSE_ON_EXIT=FALSE" // it is closed in order, behind who uses it
                + ";TRACE_LEVEL_FILE=0;TRACE_LEVEL_SYSTEM_OUT=0" // else statements, and what is in them, are written
                // there
                + ";CACHE_SIZE=2048"); // kilobytes
        source.setUsername("sa");
        source.setPassword("");
        return source;
    }

    private CannotOpenException failure(DataAccessException e) {
        SqlTrouble trouble = SqlTrouble.of(e);
        if (trouble.code() == ALREADY_OPEN) {
            return new CannotOpenException(
                    Cause.HELD,
                    "is in use: another process has the file " + path().getFileName(),
                    "stop that process (fuser " + path() + " names it), or give this one a folder of its own");
        }
        return damaged(trouble.text());
    }

    private CannotOpenException damaged(String how) {
        return new CannotOpenException(
                Cause.CONTENT,
                "has the file " + path().getFileName() + ", which cannot be read: " + how,
                "restore a backup of " + path() + ", or move it away to begin with an empty store");
    }
}
