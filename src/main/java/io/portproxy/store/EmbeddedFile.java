package io.portproxy.store;

import com.zaxxer.hikari.HikariDataSource;
import io.portproxy.manage.StoreException;
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
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

/**
 * The database in a file of this machine: H2. If a file has the name of the store, it has all tables: a new file gets another name
 * until it is complete. So a truncated or empty file is never mistaken for a new one.
 */
final class EmbeddedFile {
    private static final String SUFFIX = ".mv.db";
    private static final String NAME = "portproxy";
    private static final String UNFINISHED = "portproxy-new";
    private static final String USER = "sa";

    /** The size in bytes of a file that contains no data yet. */
    private static final int HEADERS = 8192;

    /** The bytes that must be free on the disk. This is more than H2 writes at a time for a large change. */
    private static final long LEAST_FREE = 4L << 20;

    /** The error code of H2 for a file that is open in another process, see org.h2.api.ErrorCode. */
    private static final int ALREADY_OPEN = 90020;

    private final Path folder;

    /** @param folder the folder of the file, which may not exist yet */
    EmbeddedFile(Path folder) {
        this.folder = folder.toAbsolutePath().normalize();
    }

    /** Returns the path of the file. */
    Path path() {
        return folder.resolve(NAME + SUFFIX);
    }

    /** Returns whether the file exists. */
    boolean exists() {
        return Files.exists(path());
    }

    /**
     * Checks whether there is room for a change. If the disk is full while H2 writes, the file must be closed.
     *
     * @throws StoreException there is not enough room
     */
    void requireRoom() {
        try {
            long free = Files.getFileStore(folder).getUsableSpace();
            if (free < LEAST_FREE) {
                throw new StoreException("the disk of " + folder + " is full: it has " + (free >> 10)
                        + " KB left, and a change takes " + (LEAST_FREE >> 10) + " KB of room; free some");
            }
        } catch (IOException e) {
            throw new StoreException(
                    "the folder " + folder + " " + DataFolder.failure(e).reason());
        }
    }

    /**
     * Opens the file. Creates the file and its folder if they do not exist.
     *
     * @throws CannotOpenException the file cannot be opened or created
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
        check();
        HikariDataSource source = pool(NAME);
        try {
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

    /** Reads the file first without writing to it. H2 would replace a file whose end is missing with an empty database. */
    private void check() {
        SingleConnectionDataSource source =
                new SingleConnectionDataSource(url(NAME) + ";ACCESS_MODE_DATA=r", USER, "", true);
        try {
            if (Files.size(path()) <= HEADERS) {
                throw damaged("it is empty");
            } else if (Schema.state(JdbcClient.create(source)) == Schema.State.NONE) {
                throw damaged("it has none of PortProxy's tables");
            }
        } catch (DataAccessException e) {
            throw failure(e);
        } catch (IOException e) {
            throw DataFolder.failure(e);
        } finally {
            source.destroy();
        }
    }

    private void create() {
        Path unfinished = folder.resolve(UNFINISHED + SUFFIX);
        try {
            Files.deleteIfExists(unfinished);
            try (HikariDataSource source = pool(UNFINISHED)) {
                new JdbcTemplate(source).execute("select 1");
                DataFolder.makePrivate(unfinished); // while it is still empty
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

    private HikariDataSource pool(String name) {
        HikariDataSource source = ConnectionPool.ofFile();
        source.setJdbcUrl(url(name));
        source.setUsername(USER);
        source.setPassword("");
        return source;
    }

    /** Returns the URL. It contains all settings of H2 in one place, because H2 reads them only when it opens the file. */
    private String url(String name) {
        return "jdbc:h2:file:" + folder.resolve(name)
                + ";IFEXISTS=" + name.equals(NAME)
                + ";DB_CLOSE_ON_EXIT=FALSE" // the store closes it, after its users
                + ";TRACE_LEVEL_FILE=0;TRACE_LEVEL_SYSTEM_OUT=0" // otherwise H2 logs statements and their values
                + ";CACHE_SIZE=2048"; // kilobytes
    }

    private CannotOpenException failure(DataAccessException e) {
        SqlTrouble trouble = SqlTrouble.of(e);
        if (trouble.code() == ALREADY_OPEN) {
            return new CannotOpenException(
                    Cause.HELD,
                    "is in use: another process has the file " + path().getFileName(),
                    "stop that process (fuser " + path() + " names it), or give this one a folder of its own");
        }
        if (trouble.sqlState().isEmpty()) { // the error is from the pool, not from the database
            return new CannotOpenException(
                    Cause.HELD,
                    "has the file " + path().getFileName() + ", which could not be opened in time",
                    "see what keeps this machine busy, and start again");
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
