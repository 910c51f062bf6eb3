package io.portproxy.manage;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Tests changes of users and tokens that the store completes late, after the request for them has ended without a result. */
class LateAccountsTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final StoredUser ANN = new StoredUser("ann", StoredUser.ADMIN, "{noop}a", NOW);
    private static final StoredUser BOB = new StoredUser("bob", StoredUser.ADMIN, "{noop}b", NOW);

    @Test
    void whoIsRemovedOrChangedIsTold() {
        StoredUser less = new StoredUser("bob", "viewer", "{noop}b", NOW);
        assertThat(told(List.of(ANN, BOB), List.of(ANN))).containsExactly("bob");
        assertThat(told(List.of(ANN, BOB), List.of(ANN, less))).containsExactly("bob");
        assertThat(told(List.of(ANN), List.of(ANN, BOB))).isEmpty();
    }

    private static List<String> told(List<StoredUser> before, List<StoredUser> after) {
        AccountStore store = new AccountStore() {
            @Override
            public Accounts loadAccounts() {
                return new Accounts(before, List.of());
            }

            @Override
            public void saveAccounts(Accounts accounts) {
                throw new UnsupportedOperationException();
            }

            @Override
            public void catchUpAccounts(Consumer<Accounts> take) {
                take.accept(new Accounts(after, List.of()));
            }
        };
        AccountManager manager = new AccountManager(store, Set.of(), false);
        List<String> names = new ArrayList<>();
        manager.whenChangedLate(names::add);
        manager.catchUp();
        assertThat(manager.users()).isEqualTo(after);
        assertThat(manager.user("bob"))
                .isEqualTo(
                        after.stream().filter(user -> user.name().equals("bob")).findFirst());
        return names;
    }
}
