package io.portproxy.store;

import com.zaxxer.hikari.HikariDataSource;
import io.portproxy.it.PostgresServer;

/** Makes databases in the same way as the configuration does. */
final class TestDatabases {
    private TestDatabases() {}

    static ExternalDatabase external(String url) {
        return external(url, PostgresServer.PASSWORD);
    }

    static ExternalDatabase external(String url, String password) {
        return new ExternalDatabase(ExternalDatabase.where(url), () -> {
            HikariDataSource pool = new HikariDataSource();
            pool.setJdbcUrl(url);
            pool.setUsername(PostgresServer.USER);
            pool.setPassword(password);
            ConnectionPool.limit(pool);
            ConnectionPool.limitPostgresql(pool);
            return pool;
        });
    }
}
