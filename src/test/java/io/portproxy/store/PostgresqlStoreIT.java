package io.portproxy.store;

import io.portproxy.it.PostgresServer;
import io.portproxy.manage.RemoteStore;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A real PostgreSQL. */
class PostgresqlStoreIT extends RemoteStoreContract {
    private static PostgresServer server;

    @TempDir
    private Path folder;

    private JdbcRemoteStore store;

    @BeforeAll
    static void start() throws Exception {
        server = PostgresServer.start(PostgresqlStoreIT.class);
    }

    @AfterAll
    static void stop() throws Exception {
        if (server != null) {
            server.close();
        }
    }

    @BeforeEach
    void beginEmpty() throws SQLException {
        server.execute("drop schema public cascade");
        server.execute("create schema public");
        open();
    }

    private void open() {
        store = (JdbcRemoteStore) JdbcRemoteStore.start(new StoreSettings(
                StoreSettings.Mode.AUTO, folder, true, Optional.of(TestDatabases.external(server.url()))));
    }

    @AfterEach
    void close() {
        store.close();
    }

    @Override
    RemoteStore store() {
        return store;
    }

    @Override
    RemoteStore reopened() {
        close();
        open();
        return store;
    }

    @Override
    void execute(String sql) throws SQLException {
        server.execute(sql);
    }

    @Override
    boolean isOpenAllTheTime() {
        return true;
    }
}
