package io.portproxy.store;

import static io.portproxy.store.TestRemotes.port;
import static io.portproxy.store.TestRemotes.remote;
import static io.portproxy.store.TestRemotes.token;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.portproxy.manage.Accounts;
import io.portproxy.manage.ApiToken;
import io.portproxy.manage.GatewayDefinition;
import io.portproxy.manage.GrantDefinition;
import io.portproxy.manage.HostDefinition;
import io.portproxy.manage.PortDefinition;
import io.portproxy.manage.QuotaDefinition;
import io.portproxy.manage.RemoteDefinition;
import io.portproxy.manage.RemoteStore;
import io.portproxy.manage.RemoteToken;
import io.portproxy.manage.Store;
import io.portproxy.manage.StoreChange;
import io.portproxy.manage.StoreException;
import io.portproxy.manage.StoredRemote;
import io.portproxy.manage.StoredUser;
import io.portproxy.manage.UdpDefinition;
import io.portproxy.protocol.Token;
import io.portproxy.protocol.TokenVerifier;
import io.portproxy.usage.Amounts;
import io.portproxy.usage.Span;
import io.portproxy.usage.UsageBatch;
import io.portproxy.usage.UsageDelta;
import io.portproxy.usage.UsageKey;
import io.portproxy.usage.UsageQuery;
import io.portproxy.usage.UsageQuery.Per;
import io.portproxy.usage.UsageRow;
import io.portproxy.usage.UsageStore;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The tests that the store must pass with each database. */
abstract class RemoteStoreContract {

    @TempDir
    private Path folder;

    private JdbcRemoteStore store;

    /** Removes everything that the last test left. Runs before {@link #open}. */
    void beginEmpty() throws Exception {}

    /** Returns the external database; empty for the file in the folder. */
    abstract Optional<ExternalDatabase> database();

    /** Changes rows without the store. */
    abstract void execute(String sql) throws Exception;

    @BeforeEach
    void begin() throws Exception {
        beginEmpty();
        open();
    }

    final void open() {
        store = (JdbcRemoteStore)
                JdbcRemoteStore.start(new StoreSettings(StoreSettings.Mode.AUTO, folder, true, database()));
    }

    @AfterEach
    void close() {
        store.close();
    }

    final Path folder() {
        return folder;
    }

    /** Returns the open store. It is empty at the beginning of each test. */
    private Store store() {
        return store;
    }

    /** Opens the store again and returns it as another process would find it. */
    private Store reopened() {
        close();
        open();
        return store;
    }

    /** Returns whether the store stays open during {@link #execute}. */
    abstract boolean isOpenAllTheTime();

    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");

    @Test
    void beginsEmpty() {
        assertThat(store().load()).isEmpty();
        assertThat(store().lastUsed()).isEmpty();
        assertThat(store().state().trouble()).isEmpty();
    }

    @Test
    void keepsAllThatARemoteHas() {
        PortDefinition full = new PortDefinition(
                "web",
                false,
                "http",
                "[::1]:6688",
                "intra.example.net:80",
                TestRemotes.http(),
                TestRemotes.users(),
                new UdpDefinition(Optional.of("30s"), Optional.of(100), Optional.empty(), Optional.of(10)));
        PortDefinition bare = port("ssh", 6689);
        StoredRemote remote = new StoredRemote(
                new RemoteDefinition(
                        "home",
                        "Anna's, \\ 100 % 'quoted' ünï \uD83D\uDE00",
                        false,
                        true,
                        List.of(full, bare),
                        List.of(
                                new HostDefinition(
                                        "*.ünï.example",
                                        "/a \"quoted\" \\ path",
                                        List.of("web", "tls"),
                                        false,
                                        "passthrough",
                                        "intra.example.net:80",
                                        TestRemotes.http(),
                                        TestRemotes.users()),
                                TestRemotes.host("app.example.com", 8000)),
                        Optional.of(new GrantDefinition("20000-20999", 5, "24h", "0.0.0.0", 100)),
                        TestRemotes.users().access(),
                        Optional.of(new QuotaDefinition("100GB", "day")),
                        TestRemotes.users().limits(),
                        Optional.of("1m")),
                List.of(
                        token("b", "laptop", Optional.empty()),
                        token("a", "", Optional.of(Instant.parse("2027-01-01T00:00:00.123456Z")))));

        store().save(List.of(remote), List.of());

        assertThat(store().load()).containsExactly(remote);
        assertThat(reopened().load()).containsExactly(remote);
    }

    @Test
    void keepsGatewaysBesideRemotes() throws Exception {
        GatewayDefinition tls = TestRemotes.gateway("tls");
        store().save(new StoreChange(
                List.of(TestRemotes.plainGateway("web", "80"), tls, TestRemotes.plainGateway("old", "81")),
                List.of(),
                List.of(remote("home")),
                List.of()));
        GatewayDefinition moved = TestRemotes.plainGateway("web", "8080");

        store().save(StoreChange.ofGateways(List.of(moved), List.of("old", "never-there")));

        assertThat(store().loadGateways()).containsExactly(tls, moved);
        RemoteStore again = reopened();
        assertThat(again.load()).containsExactly(remote("home"));
        assertThat(again.loadGateways()).containsExactly(tls, moved);
    }

    @Test
    void keepsGatewaysAndRemotesOrNeither() throws Exception {
        GatewayDefinition nameless = TestRemotes.plainGateway(null, "80");

        assertThatThrownBy(() -> store().save(new StoreChange(
                        List.of(TestRemotes.gateway("tls"), nameless), List.of(), List.of(remote("home")), List.of())))
                .isInstanceOf(StoreException.class);

        assertThat(reopened().load()).isEmpty();
        assertThat(store().loadGateways()).isEmpty();
    }

    @Test
    void ofTheVersionBeforeGetsATableOfGateways() throws Exception {
        store().save(List.of(remote("home")), List.of());
        execute("drop table gateway");
        execute("delete from \"flyway_schema_history\" where \"version\" in ('4', '5', '6', '9', '10', '11')");

        RemoteStore upgraded = reopened();

        assertThat(upgraded.load()).containsExactly(remote("home"));
        assertThat(upgraded.loadGateways()).isEmpty();
        upgraded.save(StoreChange.ofGateways(List.of(TestRemotes.gateway("tls")), List.of()));
        assertThat(reopened().loadGateways()).containsExactly(TestRemotes.gateway("tls"));
    }

    @Test
    void refusesAGatewayThatItDoesNotKnow() throws Exception {
        store().save(StoreChange.ofGateways(List.of(TestRemotes.gateway("tls")), List.of()));
        execute("update gateway set definition = '{\"name\": \"tls\", \"onlyFor\": \"Sesame\"}'");

        assertThatThrownBy(() -> reopened().loadGateways())
                .isInstanceOf(StoreException.class)
                .hasNoCause()
                .message()
                .contains("gateway tls cannot be understood")
                .doesNotContain("Sesame");
    }

    @Test
    void refusesWhatItDoesNotKnowOfWhoMayConnect() throws Exception {
        store().save(List.of(remote("home", port("ssh", 6689))), List.of());
        execute("update remote_port set users = '{\"access\": {\"only\": [\"10.0.0.1\"]}}'");

        assertThatThrownBy(() -> reopened().load())
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("what the store has of port ssh of remote home cannot be understood");
    }

    @Test
    void refusesWhatItDoesNotKnowOfWhoMayConnectToARemote() throws Exception {
        store().save(List.of(remote("home", port("ssh", 6689))), List.of());
        execute("update remote set access = '{\"only\": [\"10.0.0.1\"]}'");

        assertThatThrownBy(() -> reopened().load())
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("who may connect of remote home cannot be understood");
    }

    @Test
    void refusesWhatItDoesNotKnowOfARequestsRules() throws Exception {
        store().save(List.of(remote("home", port("ssh", 6689))), List.of());
        execute("update remote_port set http = '{\"auth\": {\"secret\": \"Sesame\"}}'");

        assertThatThrownBy(() -> reopened().load())
                .isInstanceOf(StoreException.class)
                .hasNoCause()
                .message()
                .contains("port ssh of remote home cannot be understood")
                .doesNotContain("Sesame");
    }

    @Test
    void keepsNamesOf255Bytes() {
        List<StoredRemote> remotes =
                List.of(remote("ü".repeat(127) + "x", port("p".repeat(255), 1)), remote("x".repeat(255)));

        store().save(remotes, List.of());

        assertThat(store().load()).containsExactlyInAnyOrderElementsOf(remotes);
    }

    @Test
    void tellsCapitalsAndSpacesApartAndSortsByThem() {
        List<StoredRemote> remotes =
                List.of(remote(" a"), remote("A"), remote("B"), remote("a"), remote("a "), remote("ä"));

        store().save(remotes, List.of());

        assertThat(store().load()).containsExactlyElementsOf(remotes);
    }

    @Test
    void changesOnlyWhatItIsGiven() throws Exception {
        store().save(
                        IntStream.range(0, 1000)
                                .mapToObj(i -> remote("remote-%04d".formatted(i), port("p", i + 1)))
                                .toList(),
                        List.of());
        execute("update remote set description = 'by hand' where name <> 'remote-0500'");
        execute("update remote_port set name = 'by hand' where remote <> 'remote-0500'");
        StoredRemote changed = remote("remote-0500", port("p", 7), port("q", 8));

        store().save(List.of(changed), List.of());

        assertThat(store().load())
                .hasSize(1000)
                .contains(changed)
                .filteredOn(remote -> remote.definition().description().equals("by hand")
                        && remote.definition().port("by hand").isPresent())
                .hasSize(999);
    }

    @Test
    void replacesPortsAndKeepsTheirOrder() {
        store().save(List.of(remote("home", port("a", 1), port("b", 2), port("c", 3))), List.of());
        StoredRemote swapped = remote("home", port("c", 3), port("a", 9));

        store().save(List.of(swapped), List.of());

        assertThat(store().load()).containsExactly(swapped);
    }

    @Test
    void removesARemoteWithAllThatIsItsOwn() {
        StoredRemote home = new StoredRemote(
                remote("home", port("a", 1)).definition(), List.of(token("t", "laptop", Optional.empty())));
        store().save(List.of(home, remote("other")), List.of());
        store().saveLastUsed(Map.of("t", NOON));

        store().save(List.of(), List.of("home", "never-there"));

        assertThat(store().load()).containsExactly(remote("other"));
        assertThat(store().lastUsed()).isEmpty();
        // A new remote of the same name has nothing of the old one.
        store().save(List.of(remote("home")), List.of());
        assertThat(store().load()).contains(remote("home"));
    }

    @Test
    void changesATokenAndKeepsWhenItWasUsed() {
        RemoteToken first = token("1", "laptop", Optional.empty());
        RemoteToken second = token("2", "desk", Optional.empty());
        store().save(List.of(new StoredRemote(remote("home").definition(), List.of(first, second))), List.of());
        store().saveLastUsed(Map.of("1", NOON, "2", NOON.plusSeconds(1), "unknown", NOON));
        RemoteToken expiring = new RemoteToken("2", "desk 2", second.verifier(), second.created(), Optional.of(NOON));
        StoredRemote changed =
                new StoredRemote(remote("home").definition(), List.of(expiring, token("3", "", Optional.empty())));

        store().save(List.of(changed), List.of());

        assertThat(store().load()).containsExactly(changed);
        assertThat(store().lastUsed()).containsOnly(Map.entry("2", NOON.plusSeconds(1)));
    }

    @Test
    void takesATokenAlongToTheNewNameOfItsRemote() {
        RemoteToken token = token("1", "laptop", Optional.empty());
        store().save(List.of(new StoredRemote(remote("old").definition(), List.of(token))), List.of());
        store().saveLastUsed(Map.of("1", NOON));
        StoredRemote renamed = new StoredRemote(remote("new").definition(), List.of(token));

        store().save(List.of(renamed), List.of("old"));

        assertThat(reopened().load()).containsExactly(renamed);
        assertThat(store().lastUsed()).containsOnly(Map.entry("1", NOON));
    }

    @Test
    void keepsAllOfAChangeOrNothing() {
        RemoteToken token = token("same", "laptop", Optional.empty());
        StoredRemote there = new StoredRemote(remote("there", port("a", 1)).definition(), List.of());
        store().save(List.of(there), List.of());
        StoredRemote twice =
                new StoredRemote(remote("twice").definition(), List.of(token, token("x", null, Optional.empty())));

        assertThatThrownBy(() -> store().save(List.of(remote("there"), remote("fresh"), twice), List.of()))
                .isInstanceOf(StoreException.class);

        assertThat(store().load()).containsExactly(there);
        assertThat(reopened().load()).containsExactly(there);
    }

    @Test
    void keepsWhoMayUseTheAdminApi() {
        Accounts accounts = new Accounts(
                List.of(
                        new StoredUser("anna", "admin", "{bcrypt}x", NOON),
                        new StoredUser("bob", "viewer", "{noop}y", NOON)),
                List.of(
                        new ApiToken("b", "later first", "operator", "00ff", NOON, Optional.of(NOON.plusSeconds(1))),
                        new ApiToken("a", "", "viewer", "ff00", NOON, Optional.empty())));
        assertThat(store().loadAccounts()).isEqualTo(Accounts.NONE);

        store().saveAccounts(accounts);

        assertThat(reopened().loadAccounts()).isEqualTo(accounts);
        Accounts fewer = new Accounts(accounts.users().subList(1, 2), List.of());
        store().saveAccounts(fewer);
        assertThat(reopened().loadAccounts()).isEqualTo(fewer);
    }

    @Test
    void refusesAChangeBehindAnotherServersBack() throws Exception {
        store().save(List.of(remote("a")), List.of());
        execute("update remote_change set id = 'of another server'");

        if (isOpenAllTheTime()) {
            assertThatThrownBy(() -> store().save(List.of(remote("b")), List.of()))
                    .isInstanceOf(StoreException.class)
                    .hasMessageContaining("another server has changed the remotes");
        }

        RemoteStore restarted = reopened();
        assertThat(restarted.load()).hasSize(1);
        restarted.save(List.of(remote("b")), List.of());
        assertThat(reopened().load()).hasSize(2);
    }

    @Test
    void tellsNoSecretWhenItRefuses() {
        TokenVerifier verifier = TokenVerifier.of(Token.of("Sesame-0123456789-abcdefgh"));
        String stored = HexFormat.of().formatHex(verifier.storedKey());
        RemoteToken wrong = new RemoteToken("id-of-it", null, verifier, NOON, Optional.empty());

        assertThatThrownBy(() ->
                        store().save(List.of(new StoredRemote(remote("home").definition(), List.of(wrong))), List.of()))
                .isInstanceOf(StoreException.class)
                .hasNoCause()
                .message()
                .contains("23502")
                .doesNotContain(stored, "id-of-it");
    }

    @Test
    void doesWhatAModelDoes() {
        RandomGenerator random = RandomGenerator.of("L64X128MixRandom");
        Map<String, StoredRemote> model = new TreeMap<>();
        for (int step = 0; step < 100; step++) {
            List<StoredRemote> put = new ArrayList<>();
            List<String> removed = new ArrayList<>();
            for (int i = random.nextInt(1, 4); i > 0; i--) {
                String name = "remote-" + random.nextInt(12);
                boolean again = put.stream().anyMatch(other -> other.name().equals(name)) || removed.contains(name);
                if (!again && random.nextInt(3) == 0) {
                    removed.add(name);
                    model.remove(name);
                } else if (!again) {
                    StoredRemote remote = random(name, random);
                    put.add(remote);
                    model.put(name, remote);
                }
            }
            store().save(put, removed);
        }
        assertThat(store().load()).containsExactlyElementsOf(model.values());
        assertThat(reopened().load()).containsExactlyElementsOf(model.values());
    }

    private static StoredRemote random(String name, RandomGenerator random) {
        PortDefinition[] ports = IntStream.range(0, random.nextInt(5))
                .mapToObj(i -> port("port-" + i, random.nextInt(1, 65536)))
                .toArray(PortDefinition[]::new);
        List<RemoteToken> tokens = IntStream.range(0, random.nextInt(3))
                .mapToObj(i -> token(name + "-" + i, "label " + random.nextInt(), Optional.empty()))
                .toList();
        return new StoredRemote(remote(name, ports).definition(), tokens);
    }

    private static final Instant USED = Instant.parse("2026-01-31T12:00:00Z");
    private static final UsageKey WEB = new UsageKey("home", "0.0.0.0:80");

    private static UsageDelta delta(UsageKey key, Instant hour, long bytes) {
        return new UsageDelta(key, hour, new Amounts(bytes, 2 * bytes, 1, 0));
    }

    private static UsageQuery usage(Span by, Per per, Optional<String> remote, Optional<String> port) {
        return new UsageQuery(by, Instant.EPOCH, USED.plus(Duration.ofDays(90)), per, remote, port);
    }

    private static UsageQuery all(Span by) {
        return usage(by, Per.PORT, Optional.empty(), Optional.empty());
    }

    @Test
    void addsUsageToItsHourDayAndMonth() {
        store().usage().add(new UsageBatch("w", 1, List.of(delta(WEB, USED, 10))));
        store().usage()
                .add(new UsageBatch(
                        "w", 2, List.of(delta(WEB, USED, 5), delta(WEB, USED.plus(Duration.ofHours(12)), 100))));

        UsageStore usage = reopened().usage();

        assertThat(usage.isThere()).isTrue();
        assertThat(usage.find(all(Span.HOUR), 0, 10).rows())
                .containsExactly(
                        new UsageRow(USED, WEB, new Amounts(15, 30, 2, 0)),
                        new UsageRow(Instant.parse("2026-02-01T00:00:00Z"), WEB, new Amounts(100, 200, 1, 0)));
        assertThat(usage.find(all(Span.DAY), 0, 10).rows())
                .containsExactly(
                        new UsageRow(Instant.parse("2026-01-31T00:00:00Z"), WEB, new Amounts(15, 30, 2, 0)),
                        new UsageRow(Instant.parse("2026-02-01T00:00:00Z"), WEB, new Amounts(100, 200, 1, 0)));
        assertThat(usage.find(all(Span.MONTH), 0, 10).rows())
                .extracting(UsageRow::begins)
                .containsExactly(Instant.parse("2026-01-01T00:00:00Z"), Instant.parse("2026-02-01T00:00:00Z"));
    }

    @Test
    void keepsABatchOfUsageOnce() {
        UsageBatch batch = new UsageBatch("w", 1, List.of(delta(WEB, USED, 10)));

        store().usage().add(batch);
        store().usage().add(batch);
        reopened().usage().add(batch);

        assertThat(store().usage().find(all(Span.DAY), 0, 10).rows())
                .extracting(UsageRow::amounts)
                .containsExactly(new Amounts(10, 20, 1, 0));
    }

    @Test
    void findsUsageByRemoteAndPortAndInPages() {
        UsageKey dns = new UsageKey("home", "0.0.0.0:53-udp");
        UsageKey other = new UsageKey("away", "[::1]:80");
        UsageKey host = new UsageKey("away", "app.example.com");
        UsageStore usage = store().usage();
        usage.add(new UsageBatch(
                "w",
                1,
                List.of(delta(WEB, USED, 1), delta(dns, USED, 2), delta(other, USED, 4), delta(host, USED, 8))));

        assertThat(usage.find(usage(Span.DAY, Per.PORT, Optional.empty(), Optional.of("80")), 0, 10)
                        .rows())
                .extracting(UsageRow::key)
                .containsExactlyInAnyOrder(WEB, other);
        assertThat(usage.find(usage(Span.DAY, Per.PORT, Optional.of("home"), Optional.of("53")), 0, 10)
                        .rows())
                .extracting(UsageRow::key)
                .containsExactly(dns);
        assertThat(usage.find(usage(Span.DAY, Per.PORT, Optional.empty(), Optional.of("app.example.com")), 0, 10)
                        .rows())
                .extracting(UsageRow::key)
                .containsExactly(host);
        assertThat(usage.find(usage(Span.DAY, Per.REMOTE, Optional.empty(), Optional.empty()), 0, 10)
                        .rows())
                .extracting(row -> row.key().remote() + row.amounts().bytesIn())
                .containsExactly("away12", "home3");
        assertThat(usage.find(usage(Span.DAY, Per.SERVER, Optional.empty(), Optional.empty()), 0, 10)
                        .rows())
                .extracting(row -> row.amounts().bytesIn())
                .containsExactly(15L);
        assertThat(usage.find(all(Span.DAY), 1, 2).total()).isEqualTo(4);
        assertThat(usage.find(all(Span.DAY), 1, 2).rows()).hasSize(2);
        assertThat(usage.find(all(Span.DAY), 4, 2).rows()).isEmpty();
        for (Per per : Per.values()) {
            UsageQuery query = usage(Span.DAY, per, Optional.empty(), Optional.empty());
            List<UsageRow> oneByOne = new ArrayList<>();
            List<UsageRow> next = usage.findAfter(query, Optional.empty(), 1);
            while (!next.isEmpty()) {
                oneByOne.addAll(next);
                next = usage.findAfter(query, Optional.of(next.get(0)), 1);
            }
            assertThat(oneByOne).isEqualTo(usage.find(query, 0, 10).rows());
        }
    }

    @Test
    void findsUsageByAPortsNumberAlsoWithinARange() {
        UsageStore usage = store().usage();
        List<String> ports = List.of(
                "0.0.0.0:30005", "0.0.0.0:30005-udp", "0.0.0.0:30000-30010", "[::]:30001-30005-udp", "x-y:30006");
        usage.add(new UsageBatch(
                "w",
                1,
                ports.stream()
                        .map(port -> delta(new UsageKey("home", port), USED, 1))
                        .toList()));

        assertThat(portsFound("30005")).containsExactlyInAnyOrderElementsOf(ports.subList(0, 4));
        assertThat(portsFound("30006")).containsExactlyInAnyOrder("0.0.0.0:30000-30010", "x-y:30006");
        assertThat(portsFound("30011")).isEmpty();
        assertThat(portsFound("0.0.0.0:30005-udp")).containsExactly("0.0.0.0:30005-udp");
    }

    private List<String> portsFound(String port) {
        return store()
                .usage()
                .find(usage(Span.DAY, Per.PORT, Optional.empty(), Optional.of(port)), 0, 10)
                .rows()
                .stream()
                .map(row -> row.key().port())
                .toList();
    }

    @Test
    void forgetsOldUsage() {
        UsageStore usage = store().usage();
        usage.add(new UsageBatch("w", 1, List.of(delta(WEB, USED, 1), delta(WEB, USED.plus(Duration.ofHours(1)), 2))));

        usage.forget(Map.of(Span.HOUR, USED.plus(Duration.ofHours(1))));

        assertThat(usage.find(all(Span.HOUR), 0, 10).rows())
                .extracting(row -> row.amounts().bytesIn())
                .containsExactly(2L);
        assertThat(usage.find(all(Span.DAY), 0, 10).rows())
                .extracting(row -> row.amounts().bytesIn())
                .containsExactly(3L);
    }

    @Test
    void keepsUsageOfARemoteThatIsGone() {
        store().save(List.of(remote("home")), List.of());
        store().usage().add(new UsageBatch("w", 1, List.of(delta(WEB, USED, 1))));

        store().save(List.of(), List.of("home"));

        assertThat(reopened().usage().find(all(Span.DAY), 0, 10).total()).isEqualTo(1);
    }
}
