package io.portproxy.store;

import io.portproxy.manage.AccessDefinition;
import io.portproxy.manage.GatewayDefinition;
import io.portproxy.manage.GrantDefinition;
import io.portproxy.manage.HostDefinition;
import io.portproxy.manage.HttpDefinition;
import io.portproxy.manage.LimitsDefinition;
import io.portproxy.manage.PortDefinition;
import io.portproxy.manage.QuotaDefinition;
import io.portproxy.manage.RemoteDefinition;
import io.portproxy.manage.RemoteToken;
import io.portproxy.manage.StoreChange;
import io.portproxy.manage.StoreException;
import io.portproxy.manage.StoredRemote;
import io.portproxy.manage.UdpDefinition;
import io.portproxy.manage.UsersDefinition;
import io.portproxy.protocol.TokenVerifier;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.core.JacksonException;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Reads and writes remotes and gateways as rows of tables. The caller runs each call in a transaction. */
final class RemoteRows {
    private static final TypeReference<List<String>> TEXTS = new TypeReference<>() {};
    private static final JsonMapper JSON = StoreJson.MAPPER;

    private final JdbcTemplate template;
    private final JdbcClient client;

    /**
     * The ids that the last change in the tables may have. Any other id means that another server has changed the tables. There
     * are two ids after a change, because a change that fails may still have been made.
     */
    private Set<String> known = Set.of();

    RemoteRows(JdbcTemplate template) {
        this.template = template;
        this.client = JdbcClient.create(template);
    }

    /**
     * Continues after rows whose connections are gone. Changes remain possible if no other server has changed the tables since.
     */
    void continueFrom(RemoteRows before) {
        known = before.known;
    }

    /** Returns all remotes, sorted by name. From now on, only this server may change them. */
    List<StoredRemote> all() {
        known = Set.of(lastChange());
        Map<String, List<PortDefinition>> ports = new HashMap<>();
        client.sql("select * from remote_port order by remote, ordinal").query(row -> {
            add(ports, row.getString("remote"), port(row));
        });
        Map<String, List<HostDefinition>> hosts = new HashMap<>();
        client.sql("select * from remote_host order by remote, ordinal").query(row -> {
            add(hosts, row.getString("remote"), host(row));
        });
        Map<String, List<RemoteToken>> tokens = new HashMap<>();
        client.sql("select * from remote_token order by remote, ordinal").query(row -> {
            add(tokens, row.getString("remote"), token(row));
        });
        List<StoredRemote> remotes = new ArrayList<>();
        client.sql("select * from remote").query(row -> {
            String name = row.getString("name");
            RemoteDefinition definition = new RemoteDefinition(
                    name,
                    row.getString("description"),
                    row.getBoolean("enabled"),
                    row.getBoolean("anonymous"),
                    ports.getOrDefault(name, List.of()),
                    hosts.getOrDefault(name, List.of()),
                    Optional.ofNullable(row.getString("grants"))
                            .map(grants -> JSON.readValue(grants, GrantDefinition.class)),
                    row.getString("access") == null
                            ? Optional.empty()
                            : Optional.of(
                                    read(row, "access", AccessDefinition.class, "who may connect of remote " + name)),
                    row.getString("quota") == null
                            ? Optional.empty()
                            : Optional.of(read(row, "quota", QuotaDefinition.class, "the quota of remote " + name)),
                    row.getString("limits") == null
                            ? Optional.empty()
                            : Optional.of(read(row, "limits", LimitsDefinition.class, "limits of remote " + name)),
                    Optional.ofNullable(row.getString("hold_while_away")));
            remotes.add(new StoredRemote(definition, tokens.getOrDefault(name, List.of())));
        });
        // The database does not sort them: PostgreSQL would use the order of its collation.
        remotes.sort((a, b) -> a.name().compareTo(b.name()));
        return remotes;
    }

    /** Returns all gateways, sorted by name. */
    List<GatewayDefinition> gateways() {
        List<GatewayDefinition> gateways = new ArrayList<>();
        client.sql("select name, definition from gateway").query(row -> {
            gateways.add(read(row, "definition", GatewayDefinition.class, "gateway " + row.getString("name")));
        });
        gateways.sort((a, b) -> a.name().compareTo(b.name()));
        return gateways;
    }

    private static <T> void add(Map<String, List<T>> lists, String remote, T item) {
        lists.computeIfAbsent(remote, name -> new ArrayList<>()).add(item);
    }

    private static PortDefinition port(ResultSet row) throws SQLException {
        return new PortDefinition(
                row.getString("name"),
                row.getBoolean("enabled"),
                row.getString("type"),
                row.getString("bind"),
                row.getString("target"),
                http(row),
                row.getString("users") == null
                        ? UsersDefinition.NONE
                        : read(row, "users", UsersDefinition.class, portOf(row)),
                row.getString("udp") == null ? UdpDefinition.NONE : read(row, "udp", UdpDefinition.class, portOf(row)));
    }

    /** Reads the settings of HTTP. Before 0.1.0, some of them had columns of their own; today these columns are empty. */
    private static HttpDefinition http(ResultSet row) throws SQLException {
        HttpDefinition http = row.getString("http") == null
                ? HttpDefinition.NONE
                : read(row, "http", HttpDefinition.class, portOf(row));
        Optional<String> hostHeader = Optional.ofNullable(row.getString("host_header"));
        Optional<String> forwardedHeaders = Optional.ofNullable(row.getString("forwarded_headers"));
        List<String> trustedProxies = JSON.readValue(row.getString("trusted_proxies"), TEXTS);
        Optional<String> maxRequestHead = Optional.ofNullable(row.getString("max_request_head"));
        boolean inColumns = hostHeader.isPresent()
                || forwardedHeaders.isPresent()
                || !trustedProxies.isEmpty()
                || maxRequestHead.isPresent();
        return inColumns ? http.withForwarding(hostHeader, forwardedHeaders, trustedProxies, maxRequestHead) : http;
    }

    private static String portOf(ResultSet row) throws SQLException {
        return "port " + row.getString("name") + " of remote " + row.getString("remote");
    }

    private static HostDefinition host(ResultSet row) throws SQLException {
        return read(
                row,
                "definition",
                HostDefinition.class,
                "host " + row.getInt("ordinal") + " of remote " + row.getString("remote"),
                EarlierHttp::today);
    }

    private static <T> T read(ResultSet row, String column, Class<T> type, String what) throws SQLException {
        return read(row, column, type, what, UnaryOperator.identity());
    }

    private static <T> T read(ResultSet row, String column, Class<T> type, String what, UnaryOperator<JsonNode> form)
            throws SQLException {
        try {
            return StoreJson.STRICT.treeToValue(form.apply(StoreJson.STRICT.readTree(row.getString(column))), type);
        } catch (JacksonException e) { // the cause could quote a secret
            throw new StoreException("what the store has of " + what
                    + " cannot be understood: start the version of PortProxy that wrote it, or restore a backup");
        }
    }

    private static RemoteToken token(ResultSet row) throws SQLException {
        HexFormat hex = HexFormat.of();
        return new RemoteToken(
                row.getString("id"),
                row.getString("label"),
                TokenVerifier.of(hex.parseHex(row.getString("stored_key")), hex.parseHex(row.getString("server_key"))),
                row.getObject("created", OffsetDateTime.class).toInstant(),
                Optional.ofNullable(row.getObject("expires", OffsetDateTime.class))
                        .map(OffsetDateTime::toInstant));
    }

    /**
     * Applies a change to the tables. A name that the change both removes and puts is put. Puts come first, so that a token whose
     * remote has a new name keeps the time of its last use.
     *
     * @throws StoreException another server has changed the tables
     */
    void save(StoreChange change) {
        change();
        save(change.remotes(), change.removedRemotes());
        saveGateways(change.gateways(), change.removedGateways());
    }

    private void save(Collection<StoredRemote> put, Collection<String> removed) {
        Set<String> gone = new HashSet<>(removed);
        put.forEach(remote -> gone.remove(remote.name()));
        put.forEach(this::put);
        remove(gone);
    }

    private void saveGateways(Collection<GatewayDefinition> put, Collection<String> removed) {
        batch(
                "delete from gateway where name = ?",
                Stream.concat(removed.stream(), put.stream().map(GatewayDefinition::name))
                        .map(name -> new @Nullable Object[] {name})
                        .toList());
        batch(
                "insert into gateway (name, definition) values (?, ?)",
                put.stream()
                        .map(gateway -> new @Nullable Object[] {gateway.name(), JSON.writeValueAsString(gateway)})
                        .toList());
    }

    /**
     * Marks the tables as changed by this server.
     *
     * @throws StoreException another server has changed the tables
     */
    void change() {
        String there = lastChange();
        if (known.isEmpty()) {
            known = Set.of(there);
        }
        String next = UUID.randomUUID().toString();
        if (!known.contains(there)
                || client.sql("update remote_change set id = ? where id = ?")
                                .params(next, there)
                                .update()
                        == 0) {
            throw new StoreException("another server has changed the remotes in this database, which is for one server:"
                    + " stop one of them, and restart the other one to take what is there");
        }
        known = Set.of(there, next);
    }

    private String lastChange() {
        return client.sql("select id from remote_change").query(String.class).single();
    }

    /** Writes a remote with its ports, hosts and tokens. The times of the last use of tokens stay. */
    private void put(StoredRemote remote) {
        RemoteDefinition definition = remote.definition();
        int updated = client.sql("""
                        update remote set description = ?, enabled = ?, anonymous = ?, grants = ?, access = ?, quota = ?, limits = ?,
                            hold_while_away = ?
                        where name = ?""").params(row(definition)).update();
        if (updated == 0) {
            client.sql("""
                            insert into remote
                                (description, enabled, anonymous, grants, access, quota, limits, hold_while_away, name)
                            values (?, ?, ?, ?, ?, ?, ?, ?, ?)""").params(row(definition)).update();
        } else {
            client.sql("delete from remote_port where remote = ?")
                    .params(definition.name())
                    .update();
            client.sql("delete from remote_host where remote = ?")
                    .params(definition.name())
                    .update();
        }
        putPorts(definition);
        putHosts(definition);
        putTokens(remote);
    }

    private static List<@Nullable Object> row(RemoteDefinition remote) {
        return Arrays.asList(
                remote.description(),
                remote.enabled(),
                remote.anonymous(),
                remote.grants().map(JSON::writeValueAsString).orElse(null),
                remote.access().map(JSON::writeValueAsString).orElse(null),
                remote.quota().map(JSON::writeValueAsString).orElse(null),
                remote.limits().map(JSON::writeValueAsString).orElse(null),
                remote.holdWhileAway().orElse(null),
                remote.name());
    }

    private void putPorts(RemoteDefinition remote) {
        batch(
                """
                insert into remote_port (remote, ordinal, name, enabled, type, bind, target, trusted_proxies, http, users, udp)
                values (?, ?, ?, ?, ?, ?, ?, '[]', ?, ?, ?)""",
                IntStream.range(0, remote.ports().size())
                        .mapToObj(ordinal ->
                                row(remote.name(), ordinal, remote.ports().get(ordinal)))
                        .toList());
    }

    private static @Nullable Object[] row(String remote, int ordinal, PortDefinition port) {
        return new @Nullable Object[] {
            remote,
            ordinal,
            port.name(),
            port.enabled(),
            port.type(),
            port.bind(),
            port.remote(),
            port.http().equals(HttpDefinition.NONE) ? null : JSON.writeValueAsString(port.http()),
            port.users().equals(UsersDefinition.NONE) ? null : JSON.writeValueAsString(port.users()),
            port.udp().equals(UdpDefinition.NONE) ? null : JSON.writeValueAsString(port.udp())
        };
    }

    private void putHosts(RemoteDefinition remote) {
        batch(
                "insert into remote_host (remote, ordinal, definition) values (?, ?, ?)",
                IntStream.range(0, remote.hosts().size())
                        .mapToObj(ordinal -> new @Nullable Object[] {
                            remote.name(),
                            ordinal,
                            JSON.writeValueAsString(remote.hosts().get(ordinal))
                        })
                        .toList());
    }

    private void putTokens(StoredRemote remote) {
        List<String> there = client.sql("select id from remote_token where remote = ?")
                .params(remote.name())
                .query(String.class)
                .list();
        List<String> wanted = remote.tokens().stream().map(RemoteToken::id).toList();
        batch(
                "delete from remote_token where id = ?",
                there.stream()
                        .filter(id -> !wanted.contains(id))
                        .map(id -> new @Nullable Object[] {id})
                        .toList());
        for (int ordinal = 0; ordinal < wanted.size(); ordinal++) {
            put(remote.name(), ordinal, remote.tokens().get(ordinal));
        }
    }

    /** Writes a token. The token may have belonged to another remote, if a remote has a new name. */
    private void put(String remote, int ordinal, RemoteToken token) {
        HexFormat hex = HexFormat.of();
        @Nullable
        Object[] values = {
            remote,
            ordinal,
            token.label(),
            hex.formatHex(token.verifier().storedKey()),
            hex.formatHex(token.verifier().serverKey()),
            time(token.created()),
            token.expires().map(RemoteRows::time).orElse(null),
            token.id()
        };
        int updated = template.update("""
                update remote_token set remote = ?, ordinal = ?, label = ?, stored_key = ?, server_key = ?, created = ?,
                    expires = ?
                where id = ?""", values);
        if (updated == 0) {
            template.update("""
                    insert into remote_token (remote, ordinal, label, stored_key, server_key, created, expires, id)
                    values (?, ?, ?, ?, ?, ?, ?, ?)""", values);
        }
    }

    /** Removes remotes with all rows that belong to them. */
    private void remove(Collection<String> names) {
        batch(
                "delete from remote where name = ?",
                names.stream().map(name -> new @Nullable Object[] {name}).toList());
    }

    /** Writes when tokens were last used. Ignores tokens that do not exist. */
    void putLastUsed(Map<String, Instant> byTokenId) {
        batch(
                "update remote_token set last_used = ? where id = ?",
                byTokenId.entrySet().stream()
                        .map(use -> new @Nullable Object[] {time(use.getValue()), use.getKey()})
                        .toList());
    }

    /** Returns when tokens were last used, by their ids. */
    Map<String, Instant> lastUsed() {
        Map<String, Instant> byTokenId = new HashMap<>();
        client.sql("select id, last_used from remote_token where last_used is not null")
                .query(row -> {
                    byTokenId.put(
                            row.getString("id"),
                            row.getObject("last_used", OffsetDateTime.class).toInstant());
                });
        return byTokenId;
    }

    /** Converts a time to microseconds, which both databases keep. Rounds down, so that nothing stays valid for longer. */
    static OffsetDateTime time(Instant time) {
        return time.truncatedTo(ChronoUnit.MICROS).atOffset(ZoneOffset.UTC);
    }

    private void batch(String sql, List<@Nullable Object[]> rows) {
        if (!rows.isEmpty()) {
            template.batchUpdate(sql, rows);
        }
    }
}
