package io.portproxy.store;

import com.zaxxer.hikari.HikariDataSource;

/** How connections are kept: few, and so that a database that is away is known within seconds. */
public final class ConnectionPool {
    /** One thread uses it; the second is for when the first connection has broken, and its end is still waited for. */
    private static final int CONNECTIONS = 2;

    private static final long CONNECT_MILLIS = 3_000;
    private static final long VALIDATE_MILLIS = 1_000;
    private static final int ANSWER_SECONDS = 10;

    private ConnectionPool() {}

    /** An empty pool, which connects when it is first asked for a connection. */
    static HikariDataSource make() {
        HikariDataSource source = new HikariDataSource();
        limit(source);
        return source;
    }

    /** Sets what we have instead of the pool's own defaults. */
    public static void limit(HikariDataSource source) {
        source.setPoolName("store");
        source.setMaximumPoolSize(CONNECTIONS);
        source.setMinimumIdle(1);
        source.setConnectionTimeout(CONNECT_MILLIS);
        source.setValidationTimeout(VALIDATE_MILLIS);
        source.setInitializationFailTimeout(-1); // asked for, it fails with what the driver said
    }

    /** And of PostgreSQL's driver. What is in the URL wins. */
    public static void limitPostgresql(HikariDataSource source) {
        source.addDataSourceProperty("connectTimeout", String.valueOf(CONNECT_MILLIS / 1000));
        source.addDataSourceProperty("loginTimeout", String.valueOf(CONNECT_MILLIS / 1000));
        source.addDataSourceProperty("socketTimeout", String.valueOf(ANSWER_SECONDS));
        source.addDataSourceProperty("tcpKeepAlive", "true");
        source.addDataSourceProperty("ApplicationName", "portproxy");
        source.addDataSourceProperty("logServerErrorDetail", "false"); // it has rows in it
        // What was answered is on the disk, even if the server's default is not to wait for that.
        source.setConnectionInitSql("select set_config('synchronous_commit', 'on', false)"
                + " where current_setting('synchronous_commit') = 'off'");
    }
}
