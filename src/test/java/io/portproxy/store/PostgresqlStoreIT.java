package io.portproxy.store;

import io.portproxy.it.PostgresServer;
import java.sql.SQLException;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** Tests the store in a real PostgreSQL. */
class PostgresqlStoreIT extends RemoteStoreContract {
    private static PostgresServer server;

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

    @Override
    void beginEmpty() throws SQLException {
        execute("drop schema public cascade");
        execute("create schema public");
    }

    @Override
    Optional<ExternalDatabase> database() {
        return Optional.of(TestDatabases.external(server.url()));
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
