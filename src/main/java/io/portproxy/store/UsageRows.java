package io.portproxy.store;

import io.portproxy.usage.Amounts;
import io.portproxy.usage.Span;
import io.portproxy.usage.UsageBatch;
import io.portproxy.usage.UsageDelta;
import io.portproxy.usage.UsageKey;
import io.portproxy.usage.UsageQuery;
import io.portproxy.usage.UsageRow;
import io.portproxy.usage.UsageStore;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Reads and writes usage as rows of tables. The caller runs each call in a transaction. */
final class UsageRows {
    /** How long the last batch number of a writer is kept. A writer repeats a batch of unknown outcome much earlier than that. */
    private static final Duration WRITERS_KEPT = Duration.ofDays(7);

    /** The most ports with one number, at different addresses. A statement can have only some thousands of parameters. */
    private static final int MOST_PORTS = 1000;

    private final JdbcTemplate template;
    private final JdbcClient client;

    UsageRows(JdbcTemplate template) {
        this.template = template;
        this.client = JdbcClient.create(template);
    }

    /** Adds a batch, unless it has already been added. */
    void add(UsageBatch batch) {
        OffsetDateTime now = RemoteRows.time(Instant.now());
        Optional<Long> last = client.sql("select batch from usage_writer where id = ?")
                .param(batch.writer())
                .query(Long.class)
                .optional();
        if (last.isPresent() && last.get() >= batch.number()) {
            return;
        } else if (last.isPresent()) {
            client.sql("update usage_writer set batch = ?, written = ? where id = ?")
                    .params(batch.number(), now, batch.writer())
                    .update();
        } else {
            client.sql("insert into usage_writer (id, batch, written) values (?, ?, ?)")
                    .params(batch.writer(), batch.number(), now)
                    .update();
        }
        for (Span span : Span.values()) {
            add(span, batch.deltas());
        }
    }

    private void add(Span span, List<UsageDelta> deltas) {
        Map<UsageRow, Amounts> sums = new HashMap<>(); // the keys are rows without amounts
        for (UsageDelta delta : deltas) {
            sums.merge(
                    new UsageRow(span.begin(delta.hour()), delta.key(), Amounts.NONE), delta.amounts(), Amounts::plus);
        }
        List<UsageRow> rows = sums.entrySet().stream()
                .map(sum -> new UsageRow(sum.getKey().begins(), sum.getKey().key(), sum.getValue()))
                .toList();
        int[] updated = template.batchUpdate(
                "update traffic_usage set bytes_in = bytes_in + ?, bytes_out = bytes_out + ?,"
                        + " connections = connections + ?, refused = refused + ?"
                        + " where span = ? and begins = ? and remote = ? and port = ?",
                rows.stream().map(row -> parameters(span, row)).toList());
        List<Object[]> fresh = new ArrayList<>();
        for (int i = 0; i < updated.length; i++) {
            if (updated[i] == 0) {
                fresh.add(parameters(span, rows.get(i)));
            }
        }
        template.batchUpdate(
                "insert into traffic_usage (bytes_in, bytes_out, connections, refused, span, begins, remote, port)"
                        + " values (?, ?, ?, ?, ?, ?, ?, ?)",
                fresh);
    }

    private static Object[] parameters(Span span, UsageRow row) {
        return new Object[] {
            row.amounts().bytesIn(),
            row.amounts().bytesOut(),
            row.amounts().connections(),
            row.amounts().refused(),
            span.key(),
            RemoteRows.time(row.begins()),
            row.key().remote(),
            row.key().port()
        };
    }

    UsageStore.Found find(UsageQuery query, long skip, int most) {
        List<Object> parameters = new ArrayList<>();
        String rows = rows(query, Optional.empty(), parameters);
        int total = client.sql("select count(*) from (" + rows + ") as found")
                .params(parameters)
                .query(Integer.class)
                .single();
        parameters.add(skip);
        parameters.add(most);
        return new UsageStore.Found(
                list(rows + order(query) + " offset ? rows fetch next ? rows only", parameters), total);
    }

    List<UsageRow> findAfter(UsageQuery query, Optional<UsageRow> after, int most) {
        List<Object> parameters = new ArrayList<>();
        String rows = rows(query, after, parameters);
        parameters.add(most);
        return list(rows + order(query) + " fetch first ? rows only", parameters);
    }

    /** Returns the columns that distinguish the rows of the result. */
    private static String columns(UsageQuery query) {
        return switch (query.per()) {
            case PORT -> "begins, remote, port";
            case REMOTE -> "begins, remote";
            case SERVER -> "begins";
        };
    }

    private static String order(UsageQuery query) {
        return " order by " + columns(query);
    }

    private String rows(UsageQuery query, Optional<UsageRow> after, List<Object> parameters) {
        StringBuilder sql = new StringBuilder("select ")
                .append(columns(query))
                .append(
                        ", sum(bytes_in) as all_in, sum(bytes_out) as all_out, sum(connections) as all_connections,"
                                + " sum(refused) as all_refused from traffic_usage where span = ? and begins >= ? and begins < ?");
        parameters.add(query.by().key());
        parameters.add(RemoteRows.time(query.from()));
        parameters.add(RemoteRows.time(query.to()));
        query.remote().ifPresent(remote -> {
            sql.append(" and remote = ?");
            parameters.add(remote);
        });
        query.port().ifPresent(port -> {
            parameters.add(port);
            if (query.isByNumber()) {
                List<String> ports = portsWithNumber(query);
                parameters.addAll(ports);
                sql.append(" and port in (?").append(", ?".repeat(ports.size())).append(")");
            } else {
                sql.append(" and port = ?");
            }
        });
        after.ifPresent(last -> {
            parameters.add(RemoteRows.time(last.begins()));
            switch (query.per()) {
                case PORT -> {
                    sql.append(" and (begins, remote, port) > (?, ?, ?)");
                    parameters.add(last.key().remote());
                    parameters.add(last.key().port());
                }
                case REMOTE -> {
                    sql.append(" and (begins, remote) > (?, ?)");
                    parameters.add(last.key().remote());
                }
                case SERVER -> sql.append(" and begins > ?");
            }
        });
        return sql.append(" group by ").append(columns(query)).toString();
    }

    /** Returns the ports that have this number alone or within a range, which SQL cannot find out. */
    private List<String> portsWithNumber(UsageQuery query) {
        return client
                .sql("select distinct port from traffic_usage where span = ? and begins >= ? and begins < ?"
                        + " and (port like ? or port like ? or port like ?)")
                .params(
                        query.by().key(),
                        RemoteRows.time(query.from()),
                        RemoteRows.time(query.to()),
                        "%:" + query.port().orElse(""),
                        "%:" + query.port().orElse("") + "-udp",
                        "%:%-%")
                .query(String.class)
                .list()
                .stream()
                .filter(query::isOf)
                .limit(MOST_PORTS)
                .toList();
    }

    private List<UsageRow> list(String sql, List<Object> parameters) {
        boolean remotes = sql.startsWith("select begins, remote");
        boolean ports = sql.startsWith("select begins, remote, port");
        return client.sql(sql)
                .params(parameters)
                .query((row, number) -> new UsageRow(
                        row.getObject("begins", OffsetDateTime.class).toInstant(),
                        new UsageKey(remotes ? row.getString("remote") : "", ports ? row.getString("port") : ""),
                        new Amounts(
                                row.getLong("all_in"),
                                row.getLong("all_out"),
                                row.getLong("all_connections"),
                                row.getLong("all_refused"))))
                .list();
    }

    /** Removes rows that begin before the given times, and writers that ended long ago. */
    void forget(Map<Span, Instant> before) {
        before.forEach((span, begins) -> client.sql("delete from traffic_usage where span = ? and begins < ?")
                .params(span.key(), RemoteRows.time(begins))
                .update());
        client.sql("delete from usage_writer where written < ?")
                .param(RemoteRows.time(Instant.now().minus(WRITERS_KEPT)))
                .update();
    }
}
