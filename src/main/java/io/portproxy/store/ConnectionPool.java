package io.portproxy.store;

import com.zaxxer.hikari.HikariDataSource;

/**
 * The settings of a pool of database connections. The pool is small, and finds out within seconds that a database does not
 * answer.
 */
public final class ConnectionPool {
    /** One thread uses the pool. It needs a second connection if the first one has broken but has not ended yet. */
    private static final int CONNECTIONS = 2;

    private static final long CONNECT_MILLIS = 3_000;
    private static final long OPEN_MILLIS = 60_000;
    private static final long VALIDATE_MILLIS = 1_000;
    private static final int ANSWER_SECONDS = 10;

    private ConnectionPool() {}

    /**
     * Returns an empty pool for a file of this machine. The file opens at the first request for a connection, which may take some
     * time on a busy host.
     */
    static HikariDataSource ofFile() {
        HikariDataSource source = new HikariDataSource();
        limit(source);
        source.setConnectionTimeout(OPEN_MILLIS);
        return source;
    }

    /** Replaces the pool's own defaults by ours. */
    public static void limit(HikariDataSource source) {
        source.setPoolName("store");
        source.setMaximumPoolSize(CONNECTIONS);
        source.setMinimumIdle(1);
        source.setConnectionTimeout(CONNECT_MILLIS);
        source.setValidationTimeout(VALIDATE_MILLIS);
        source.setInitializationFailTimeout(-1); // connects later; that failure has the driver's message
    }

    /** Sets our defaults for PostgreSQL's driver. The URL overrides them. */
    public static void limitPostgresql(HikariDataSource source) {
        source.addDataSourceProperty("connectTimeout", String.valueOf(CONNECT_MILLIS / 1000));
        source.addDataSourceProperty("loginTimeout", String.valueOf(CONNECT_MILLIS / 1000));
        source.addDataSourceProperty("socketTimeout", String.valueOf(ANSWER_SECONDS));
        source.addDataSourceProperty("tcpKeepAlive", "true");
        source.addDataSourceProperty("ApplicationName", "portproxy");
        source.addDataSourceProperty("logServerErrorDetail", "false"); // it contains rows
        // A committed change must be on the disk before the database answers, even if the server's default is not to
        // wait.
        source.setConnectionInitSql("select set_config('synchronous_commit', 'on', false)"
                + " where current_setting('synchronous_commit') = 'off'");
    }
}
