package io.portproxy.admin.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.portproxy.admin.api.ConnectionQuery.Filter;
import io.portproxy.admin.events.Role;
import io.portproxy.admin.problem.BadParameterException;
import io.portproxy.tunnel.telemetry.StreamView;
import io.portproxy.tunnel.telemetry.StreamView.State;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ConnectionQueryTest {
    private static final Filter ANY = Filter.ANY;

    private static Filter filter(String remote, String port, String user, String state, String role) {
        return Filter.of(
                Optional.ofNullable(remote),
                Optional.ofNullable(port),
                Optional.ofNullable(user),
                Optional.ofNullable(state),
                Optional.ofNullable(role),
                Optional.empty());
    }

    private static Filter search(String text) {
        return Filter.of(
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.of(text));
    }

    private static Connection connection(Role role, long identity, String user, State state, long bytesIn) {
        return connection(role, identity, "127.0.0.1:6688", user, state, bytesIn);
    }

    private static Connection connection(
            Role role, long identity, String port, String user, State state, long bytesIn) {
        StreamView stream = new StreamView(
                identity,
                new StreamView.Ends(
                        role == Role.SERVER ? Optional.of(port) : Optional.empty(),
                        Optional.ofNullable(user),
                        "127.0.0.1:80"),
                state,
                Instant.EPOCH.plusSeconds(identity),
                0,
                new StreamView.Flow(bytesIn, 0, 0, Optional.empty(), Optional.empty()));
        return new Connection(role, "home", null, stream);
    }

    @Test
    void pagesOfManyConnectionsHaveEachOfThemOnceInWhateverOrderTheyCome() {
        List<Connection> all = new ArrayList<>();
        for (int i = 0; i < 100_000; i++) {
            all.add(connection(Role.SERVER, i, "10.0.0.1:" + i % 7, State.OPEN, i % 3));
        }
        Set<String> seen = new HashSet<>();
        long last = 2;

        for (int page = 0; page < 100; page++) {
            Collections.shuffle(all, new Random(page));
            if (page % 10 == 0) { // every tenth page is enough
                Page<Connection.Json> found = ConnectionQuery.page(all, ANY, "bytesIn,desc", page, 1000);
                assertThat(found.total()).isEqualTo(100_000);
                assertThat(found.items()).hasSize(1000);
                for (Connection.Json item : found.items()) {
                    assertThat(seen.add(item.identity())).isTrue();
                    assertThat(item.bytesIn()).isLessThanOrEqualTo(last);
                    last = item.bytesIn();
                }
            }
        }
        assertThat(ConnectionQuery.page(all, ANY, "bytesIn,desc", 100, 1000).items())
                .isEmpty();
    }

    @Test
    void anEndOfEachRoleIsTwoEntriesInAFixedOrder() {
        List<Connection> all = List.of(
                connection(Role.CLIENT, 7, "10.0.0.1:1", State.OPEN, 0),
                connection(Role.SERVER, 7, "10.0.0.1:1", State.OPEN, 0));

        assertThat(ConnectionQuery.page(all, ANY, "since", 0, 10).items())
                .extracting(Connection.Json::role)
                .containsExactly("server", "client");
    }

    @Test
    void findsAUserOfAUnixSocketByThatWordAlone() {
        Connection unix = connection(Role.SERVER, 1, "unix", State.OPEN, 0);

        assertThat(filter(null, null, "unix", null, null).matches(unix)).isTrue();
        assertThat(filter(null, null, "127.0.0.1", null, null).matches(unix)).isFalse();
    }

    @Test
    void findsAConnectionToARangeByEachNumberOfIt() {
        Connection range = connection(Role.SERVER, 1, "0.0.0.0:30000-30010", "10.0.0.1:1", State.OPEN, 0);

        assertThat(filter(null, "30000", null, null, null).matches(range)).isTrue();
        assertThat(filter(null, "30010", null, null, null).matches(range)).isTrue();
        assertThat(filter(null, "0.0.0.0:30000-30010", null, null, null).matches(range))
                .isTrue();
        assertThat(filter(null, "30011", null, null, null).matches(range)).isFalse();
        assertThat(filter(null, "29999", null, null, null).matches(range)).isFalse();
    }

    @Test
    void filtersByEachOfItsParts() {
        Connection one = connection(Role.SERVER, 1, "[2001:db8::1]:4000", State.USER_ENDED, 0);

        assertThat(ANY.isForAny()).isTrue();
        assertThat(filter("home", null, null, null, null).matches(one)).isTrue();
        assertThat(filter("hom", null, null, null, null).matches(one)).isFalse();
        assertThat(filter(null, "127.0.0.1:6688", null, null, null).matches(one))
                .isTrue();
        assertThat(filter(null, "6688", null, null, null).matches(one)).isTrue();
        assertThat(filter(null, "688", null, null, null).matches(one)).isFalse();
        assertThat(filter(null, null, "2001:db8::1", null, null).matches(one)).isTrue();
        assertThat(filter(null, null, "[2001:db8::1]", null, null).matches(one)).isTrue();
        assertThat(filter(null, null, "[2001:db8::1]:4000", null, null).matches(one))
                .isTrue();
        assertThat(filter(null, null, "2001:db8::", null, null).matches(one)).isFalse();
        assertThat(filter(null, null, null, "user_ended", null).matches(one)).isTrue();
        assertThat(filter(null, null, null, "open", null).matches(one)).isFalse();
        assertThat(filter(null, null, null, null, "client").matches(one)).isFalse();
        assertThat(filter("home", null, null, "open", null).matches(one)).isFalse();
    }

    @Test
    void searchesInEverythingThatNamesAConnection() {
        Connection one = connection(Role.SERVER, 0xab12, "[2001:db8::1]:4000", State.OPEN, 0);

        assertThat(List.of("0000AB12", " Home ", "db8::1", ":4000", "127.0.0.1:80", ":6688"))
                .allMatch(text -> search(text).matches(one));
        assertThat(List.of("open", "10.0", "homes"))
                .noneMatch(text -> search(text).matches(one));
        assertThat(search("home").isForAny()).isFalse();
        assertThatThrownBy(() -> search(" ")).isInstanceOf(BadParameterException.class);
    }
}
